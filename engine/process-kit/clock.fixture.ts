import type { Clock } from './clock.ts';

/** A clock that stands still until it is moved. */
export interface FakeClock extends Clock {
  /** Moves time on and runs what becomes due, in order, each at its time; lets promises settle in between. */
  advance(byMs: number): Promise<void>;
}

export function createFakeClock(): FakeClock {
  let nowMs = 0;
  let due: { atMs: number; run(): void }[] = [];
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return {
    now: () => nowMs,
    schedule(afterMs, run) {
      const job = { atMs: nowMs + afterMs, run };
      due.push(job);
      return () => {
        due = due.filter((other) => other !== job);
      };
    },
    async advance(byMs) {
      const untilMs = nowMs + byMs;
      for (;;) {
        await settle();
        const next = due.filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0];
        if (!next) break;
        due = due.filter((job) => job !== next);
        nowMs = next.atMs;
        next.run();
      }
      nowMs = untilMs;
    },
  };
}
