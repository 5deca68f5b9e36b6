import { type AlarmThread, RING_LEAD_US, startAlarmThread } from './alarm-thread.ts';
import { createTimeQueue } from './time-queue.ts';

/** Runs jobs at their time, typically some 50 µs late and never early; costs nothing while none is scheduled. */
export interface PreciseTimer {
  /**
   * `atMs` is a time of `performance.now()`; a past one runs on the next turn. Jobs of the same time run in the order
   * they were given. Returns what cancels the job.
   */
  schedule(atMs: number, run: () => void): () => void;
  /** Runs what is due by now, for a caller that is awake anyhow: it saves the thread from waking it again. */
  poll(nowMs: number): void;
  /** Forgets what is scheduled and ends the thread. */
  close(): void;
}

/** Alarms are set at most this far ahead; what is further away sets a new one then. */
const HORIZON_MS = 20 * 60_000;
/** Clocks of two threads agree to about this. A job this early is due. */
const EARLY_MS = 0.005;

/** So many jobs at a time are counted to see how many fall due each second; from this rate on they share alarms. */
const COUNTED_JOBS = 256;
const BUSY_PER_SEC = 12_000;

/** What a cancelled job runs when its time comes. */
const cancelled = (): void => {};

/**
 * The thread behind it starts with the first job and is awake after some 30 ms; until then, and should it be lost,
 * jobs run by `setTimeout`, to the millisecond.
 */
export function createPreciseTimer(): PreciseTimer {
  const queue = createTimeQueue();
  let thread: AlarmThread | undefined;
  let precise = false;
  let closed = false;
  let running = false;
  /** What the alarm, or the timeout, is set for. */
  let armedMs = Number.POSITIVE_INFINITY;
  let timeout: NodeJS.Timeout | undefined;
  let countedJobs = 0;
  let countedSinceMs = 0;
  /** Keeps the process alive while a job waits, which the thread's port does not. */
  let alive: NodeJS.Timeout | undefined;

  function arm(): void {
    const earliestMs = queue.earliestMs();
    armedMs = earliestMs;
    if (earliestMs === Number.POSITIVE_INFINITY) return;
    const nowMs = performance.now();
    if (!precise) {
      clearTimeout(timeout);
      timeout = setTimeout(runDue, Math.max(0, Math.min(earliestMs - nowMs, HORIZON_MS)));
      return;
    }
    const limitMs = nowMs + HORIZON_MS;
    const secondMs = queue.secondMs();
    thread?.set(secondMs <= limitMs ? 2 : 1, Math.max(nowMs, Math.min(earliestMs, limitMs)), secondMs);
  }

  function count(nowMs: number): void {
    countedJobs += 1;
    if (countedJobs < COUNTED_JOBS) return;
    thread?.setBusy((countedJobs * 1000) / (nowMs - countedSinceMs) > BUSY_PER_SEC);
    countedJobs = 0;
    countedSinceMs = nowMs;
  }

  /** The end is set once: what falls due while jobs run waits for the next turn, so that sockets are served between. */
  function runUntil(endMs: number, startMs: number): void {
    let nowMs = startMs;
    running = true;
    try {
      while (queue.earliestMs() <= endMs) {
        count(nowMs);
        // The alarm rang a little early for this moment; it is too near to sleep again.
        while (queue.earliestMs() > nowMs + EARLY_MS) nowMs = performance.now();
        queue.take()();
      }
    } finally {
      running = false;
      if (!closed) arm();
      if (queue.earliestMs() === Number.POSITIVE_INFINITY) {
        clearInterval(alive);
        alive = undefined;
      }
    }
  }

  function runDue(): void {
    if (closed) return;
    const nowMs = performance.now();
    runUntil(nowMs + RING_LEAD_US / 1000, nowMs);
  }

  const coarse = (): void => {
    precise = false;
    if (!closed) arm();
  };

  return {
    schedule(atMs, run) {
      if (closed) return cancelled;
      thread ??= startAlarmThread({
        onReady() {
          clearTimeout(timeout);
          precise = true;
          if (!closed) arm();
        },
        onRing: runDue,
        onLost: coarse,
      });
      const job = queue.add(atMs, run);
      alive ??= setInterval(() => {}, 60_000);
      // Two alarms are set ahead, so a job that becomes second is told too.
      if (!running && (atMs < armedMs || atMs === queue.secondMs())) arm();
      return () => {
        job.run = cancelled;
      };
    },
    poll(nowMs) {
      if (!running && queue.earliestMs() <= nowMs) runUntil(nowMs, nowMs);
    },
    close() {
      closed = true;
      queue.clear();
      clearTimeout(timeout);
      clearInterval(alive);
      thread?.close();
    },
  };
}
