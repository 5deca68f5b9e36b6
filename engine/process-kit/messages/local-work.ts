import type { Delivery, Outcome } from './client.ts';

/** Messages that the broker counts as delivered, or leaves to this process until it says more: it tries them again by itself. */
export interface LocalWork {
  /** Resolves when there is room and the work on the message has begun. */
  begin(delivery: Delivery, onEnd?: (outcome: Outcome) => void): Promise<void>;
  /** So many could begin at once. */
  room(): number;
  /** Resolves when there is room for one more. */
  untilRoom(): Promise<void>;
  /** Resolves when what has begun is through. Those that wait for another attempt are let go of. */
  stop(): Promise<void>;
}

export function createLocalWork({
  concurrency,
  handle,
}: {
  concurrency: number;
  handle(delivery: Delivery): Promise<Outcome>;
}): LocalWork {
  let busy = 0;
  let stopped = false;
  const waiting: (() => void)[] = [];
  const pauses = new Set<NodeJS.Timeout>();
  let onQuiet: () => void = () => {};

  const untilRoom = async (): Promise<void> => {
    while (busy >= concurrency && !stopped) await new Promise<void>((resolve) => waiting.push(resolve));
  };

  const release = (): void => {
    busy -= 1;
    waiting.shift()?.();
    if (busy === 0) onQuiet();
  };

  const run = async (delivery: Delivery, onEnd?: (outcome: Outcome) => void): Promise<void> => {
    const outcome = await handle(delivery);
    release();
    if (outcome.type !== 'retry') {
      onEnd?.(outcome);
      return;
    }
    if (stopped) return;
    const pause = setTimeout(() => {
      pauses.delete(pause);
      void begin({ ...delivery, attempt: delivery.attempt + 1 }, onEnd);
    }, outcome.afterMs);
    pauses.add(pause);
  };

  const begin: LocalWork['begin'] = async (delivery, onEnd) => {
    await untilRoom();
    if (stopped) return;
    busy += 1;
    void run(delivery, onEnd);
  };

  return {
    begin,
    room: () => Math.max(0, concurrency - busy),
    untilRoom,
    async stop() {
      stopped = true;
      for (const pause of pauses) clearTimeout(pause);
      for (const resolve of waiting.splice(0)) resolve();
      if (busy > 0)
        await new Promise<void>((resolve) => {
          onQuiet = resolve;
        });
    },
  };
}
