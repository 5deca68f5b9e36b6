/** Time as the controller sees it, so that tests can move it. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Runs once, after this time; returns its cancel. */
  schedule(afterMs: number, run: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  schedule(afterMs, run) {
    const timer = setTimeout(run, Math.max(0, afterMs));
    return () => clearTimeout(timer);
  },
};
