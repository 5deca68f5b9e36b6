/** Rate of a cumulative counter over the last second, from readings at any pace. */
export interface CounterWindow {
  add(atMs: number, value: number): void;
  /** Per second, between the newest reading and the one a second before it; 0 while there is only one. */
  perSec(): number;
}

const WINDOW_MS = 1000;

export function createCounterWindow(): CounterWindow {
  let readings: { atMs: number; value: number }[] = [];
  return {
    add(atMs, value) {
      readings.push({ atMs, value });
      while (readings[1] && readings[1].atMs <= atMs - WINDOW_MS) readings.shift();
      // A counter that fell is another one, which started anew.
      if (readings.some((reading) => reading.value > value)) readings = [{ atMs, value }];
    },
    perSec() {
      const first = readings[0];
      const newest = readings[readings.length - 1];
      if (!first || !newest || newest.atMs === first.atMs) return 0;
      return ((newest.value - first.value) * 1000) / Math.max(WINDOW_MS, newest.atMs - first.atMs);
    },
  };
}
