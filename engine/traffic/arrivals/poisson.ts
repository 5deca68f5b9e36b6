import type { Curve } from '../../model/curve.ts';
import type { Arrivals } from './arrivals.ts';
import { createCurveClock } from './curve-clock.ts';

/**
 * A Poisson process: independent exponential gaps, stretched where the rate is low (a non-homogeneous process, by inversion
 * of its cumulative rate; E. Çınlar, "Introduction to Stochastic Processes", 1975). It has no arrival at its zero.
 */
export function poissonArrivals(ratePerSec: Curve, random: () => number): Arrivals {
  const clock = createCurveClock(ratePerSec);
  const next = (): number => clock.advance(-Math.log(1 - random()));
  const arrivals = {
    atMs: next(),
    advance() {
      arrivals.atMs = next();
    },
  };
  return arrivals;
}
