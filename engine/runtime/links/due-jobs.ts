import { createPreciseTimer, type PreciseTimer } from '../../process-kit/precise-timer.ts';

let timer: PreciseTimer | undefined;

/** Wakes the timer, which takes some 30 ms to become precise, before the first chunk needs it. Without faults there is none. */
export function prepareTimer(): void {
  if (timer) return;
  timer = createPreciseTimer();
  timer.schedule(performance.now(), () => {});
}

/** Runs at a time of `performance.now()`; returns its cancel. */
export function schedule(atMs: number, run: () => void): () => void {
  let job: (() => void) | null = run;
  prepareTimer();
  timer?.schedule(atMs, () => job?.());
  return () => {
    job = null;
  };
}
