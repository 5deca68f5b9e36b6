/** New environments within this time are limited. */
const INTERVAL_MS = 10_000;

/** A bucket of tokens, one for each new environment. */
export interface Burst {
  /** False: none is left. */
  take(): boolean;
  configure(limit: number): void;
}

export function createBurst(initial: number, now: () => number = () => performance.now()): Burst {
  let limit = initial;
  let tokens = initial;
  let filledMs = now();
  const fill = (): void => {
    const nowMs = now();
    tokens = Math.min(limit, tokens + ((nowMs - filledMs) / INTERVAL_MS) * limit);
    filledMs = nowMs;
  };
  return {
    take() {
      fill();
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
    configure(changed) {
      fill();
      tokens = Math.min(changed, tokens + Math.max(0, changed - limit));
      limit = changed;
    },
  };
}
