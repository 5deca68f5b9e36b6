import type { TracedArrival } from '../../model/executors/plan.ts';
import type { Arrivals } from './arrivals.ts';

/** The arrivals of a trace, at their times. */
export function tracedArrivals(trace: readonly TracedArrival[]): Arrivals {
  let index = 0;
  const time = (): number => trace[index]?.[0] ?? Number.POSITIVE_INFINITY;
  const arrivals = {
    atMs: time(),
    advance() {
      index += 1;
      arrivals.atMs = time();
    },
  };
  return arrivals;
}
