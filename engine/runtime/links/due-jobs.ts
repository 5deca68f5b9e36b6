import { createPreciseTimer, type PreciseTimer } from '../../process-kit/precise-timer.ts';

/** A sleeping processor needs tens of microseconds, in a virtual machine hundreds, to wake: alarms are set earlier by as much. */
const MAX_LEAD_MS = 0.5;
/** How far one alarm moves the lead: a quarter of what it was off by, and no outlier more than this. */
const MAX_STEP_MS = 0.025;

let timer: PreciseTimer | undefined;
let leadMs = 0.05;

/** Wakes the timer, which takes some 30 ms to become precise, before the first chunk needs it. Without faults there is none. */
export function prepareTimer(): void {
  if (timer) return;
  timer = createPreciseTimer();
  timer.schedule(performance.now(), () => {});
}

/**
 * Runs as near as possible to a time of `performance.now()`, possibly a little early; returns its cancel. The lead
 * follows what the last alarms were off by, so that the error is spread around zero.
 */
export function schedule(atMs: number, run: () => void): () => void {
  let job: (() => void) | null = run;
  prepareTimer();
  const askedAtMs = performance.now();
  timer?.schedule(atMs - leadMs, () => {
    if (!job) return;
    // A job that was late from the start says nothing about the alarm.
    if (askedAtMs < atMs - MAX_LEAD_MS) {
      const stepMs = (performance.now() - atMs) / 4;
      leadMs = clamp(leadMs + clamp(stepMs, -MAX_STEP_MS, MAX_STEP_MS), 0, MAX_LEAD_MS);
    }
    job();
  });
  return () => {
    job = null;
  };
}

const clamp = (value: number, min: number, max: number): number => Math.min(max, Math.max(min, value));
