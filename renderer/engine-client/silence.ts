/** Seconds without a word after which an engine counts as silent; it is asked more often than that. */
const SILENT_AFTER_SECONDS = 5;

export interface Silence {
  /** Something came from the engine. */
  heard(): void;
  end(): void;
}

/**
 * Tells when nothing was heard for five seconds, and when something is heard again. It counts the seconds in which this
 * window could listen: one that was itself asleep or busy blames nobody.
 */
export function createSilence({ onSilent, onHeard }: { onSilent(): void; onHeard(): void }): Silence {
  let seconds = 0;
  const timer = setInterval(() => {
    seconds += 1;
    if (seconds === SILENT_AFTER_SECONDS) onSilent();
  }, 1000);
  return {
    heard() {
      const wasSilent = seconds >= SILENT_AFTER_SECONDS;
      seconds = 0;
      if (wasSilent) onHeard();
    },
    end: () => clearInterval(timer),
  };
}
