import type { Curve } from '../../model/curve.ts';

/** When a rate that changes over time has brought so many arrivals. */
export interface CurveClock {
  /** Goes on by an amount of arrivals, and says when that is reached: milliseconds, or infinity when it never is. */
  advance(arrivals: number): number;
}

/** `curve` is in arrivals per second. Exact, by inverting the area below each straight line. */
export function createCurveClock(curve: Curve): CurveClock {
  const { stages, after } = curve;
  let index = 0;
  let startMs = 0;
  let from = curve.start;
  /** Arrivals since the start of the stage. */
  let passed = 0;
  let seenInRound = 0;

  return {
    advance(arrivals) {
      passed += arrivals;
      for (;;) {
        const stage = stages[index];
        if (stage) {
          const { durationMs, target } = stage;
          const area = ((from + target) * durationMs) / 2000;
          if (passed < area) return startMs + timeOf(passed, from, target, durationMs);
          passed -= area;
          seenInRound += area;
          startMs += durationMs;
          from = target;
          index += 1;
        } else if (after === 'repeat' && seenInRound > 0) {
          index = 0;
          from = curve.start;
          seenInRound = 0;
        } else if (after === 'hold' && from > 0) return startMs + (passed * 1000) / from;
        else return Number.POSITIVE_INFINITY;
      }
    },
  };
}

/** When so many arrivals have come since the rate began to go from one value to the other. */
function timeOf(arrivals: number, from: number, target: number, durationMs: number): number {
  if (arrivals === 0) return 0;
  const area = arrivals * 1000;
  const root = Math.sqrt(Math.max(0, from * from + (2 * area * (target - from)) / durationMs));
  return Math.min(durationMs, (2 * area) / (from + root));
}
