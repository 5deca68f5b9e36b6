import type { Curve } from '../../model/curve.ts';
import type { Arrivals } from './arrivals.ts';
import { createCurveClock } from './curve-clock.ts';

/** Evenly spaced arrivals, one for each whole number of the cumulative rate. It begins with one. */
export function uniformArrivals(ratePerSec: Curve): Arrivals {
  const clock = createCurveClock(ratePerSec);
  const arrivals = {
    atMs: clock.advance(0),
    advance() {
      arrivals.atMs = clock.advance(1);
    },
  };
  return arrivals;
}
