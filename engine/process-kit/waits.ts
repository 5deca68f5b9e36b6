import { createTimeQueue } from './time-queue.ts';

/*
 * Node's timers count whole milliseconds: alone they would make every wait wrong by up to two, and all of them too short
 * by a quarter on average. So a timer sleeps to within a millisecond of the end, and the event loop goes round for the
 * rest: it naps when the turn before found nothing to do, and so reads what arrives at most a nap later.
 */

/** From so near to the end on, a timer is too coarse. */
const TIMER_MS = 1.1;
/** A timer ends at least this much after its time, or up to a whole millisecond before it. */
const TIMER_LATE_MS = 0.1;
/** A nap ends so much before the end of a wait, since it takes about that long to wake up. */
const WAKE_MS = 0.03;
/** The longest nap. Windows sleeps up to 15 ms whatever it is told: there the loop goes round without. */
const NAP_MS = process.platform === 'win32' ? 0 : 0.1;
/** Between two turns that found nothing to do no more time passes than this. */
const IDLE_TURN_MS = 0.03;
/** Clocks are not read between two ends that are nearer than this. */
const SAME_MS = 0.005;
/** Weight of the newest wait in the mean by which waits end late. */
const LEARNING = 0.01;
/** What is later than this was held up by other work of the process, and is no property of the timer. */
const MAX_LATE_MS = 5;
/** So many ends at most before what has arrived is read. */
const ENDS_PER_TURN = 50;

export interface Waits {
  /** Resolves after this time: on average exactly, one by one some tens of microseconds more or less. */
  wait(durationMs: number): Promise<void>;
}

export function createWaits(): Waits {
  const queue = createTimeQueue();
  const napCell = new Int32Array(new SharedArrayBuffer(4));
  let timeout: NodeJS.Timeout | undefined;
  let timeoutEndsMs = Number.POSITIVE_INFINITY;
  let turning = false;
  let lastTurnMs = 0;
  /** By so much waits ended late lately. The next ones are set to end that much earlier. */
  let leadMs = 0;

  function turn(): void {
    let nowMs = performance.now();
    const wasIdle = nowMs - lastTurnMs < IDLE_TURN_MS;
    let ends = 0;
    while (queue.earliestMs() <= nowMs + SAME_MS && ends < ENDS_PER_TURN) {
      queue.take()();
      ends += 1;
      nowMs = performance.now();
    }
    const leftMs = queue.earliestMs() - nowMs;
    if (leftMs > TIMER_MS) {
      turning = false;
      arm();
      return;
    }
    if (wasIdle && ends === 0 && NAP_MS > 0 && leftMs > WAKE_MS)
      Atomics.wait(napCell, 0, 0, Math.min(NAP_MS, leftMs - WAKE_MS));
    lastTurnMs = performance.now();
    setImmediate(turn);
  }

  function turnNow(): void {
    timeoutEndsMs = Number.POSITIVE_INFINITY;
    turning = true;
    turn();
  }

  /** Sees to it that the loop goes round in time for the earliest end. */
  function arm(): void {
    const earliestMs = queue.earliestMs();
    if (turning || earliestMs >= timeoutEndsMs || earliestMs === Number.POSITIVE_INFINITY) return;
    clearTimeout(timeout);
    const leftMs = earliestMs - performance.now();
    if (leftMs > TIMER_MS) {
      timeoutEndsMs = earliestMs;
      timeout = setTimeout(turnNow, Math.floor(leftMs - TIMER_LATE_MS));
    } else {
      timeoutEndsMs = Number.POSITIVE_INFINITY;
      turning = true;
      setImmediate(turn);
    }
  }

  return {
    wait: (durationMs) =>
      durationMs <= 0
        ? Promise.resolve()
        : new Promise((resolve) => {
            const endMs = performance.now() + durationMs;
            queue.add(endMs - leadMs, () => {
              const lateMs = performance.now() - endMs;
              leadMs = Math.max(0, leadMs + LEARNING * Math.max(-MAX_LATE_MS, Math.min(MAX_LATE_MS, lateMs)));
              resolve();
            });
            arm();
          }),
  };
}

/** The waits of this process: they share a timer. */
let shared: Waits | undefined;

export const waitMs = (durationMs: number): Promise<void> => {
  shared ??= createWaits();
  return shared.wait(durationMs);
};
