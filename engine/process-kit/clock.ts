/** Time as a process sees it, so that tests can move it. */
export interface Clock {
  /** Milliseconds that only grow, from an arbitrary zero. */
  now(): number;
  /** Runs once, after this time; returns its cancel. */
  schedule(afterMs: number, run: () => void): () => void;
}

export const processClock: Clock = {
  now: () => performance.now(),
  schedule(afterMs, run) {
    const timer = setTimeout(run, afterMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
