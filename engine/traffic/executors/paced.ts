import type { Plan } from '../../model/executors/plan.ts';
import type { Arrivals } from '../arrivals/arrivals.ts';
import { poissonArrivals } from '../arrivals/poisson.ts';
import { tracedArrivals } from '../arrivals/traced.ts';
import { uniformArrivals } from '../arrivals/uniform.ts';
import { startPacer } from '../pacer.ts';
import { createRandom, streamOf } from '../random.ts';
import type { Executor, Ground } from './executor.ts';

/** Starts iterations when they arrive. `issue` gets the number of the arrival and when it was due, since the start. */
function paced(
  ground: Ground,
  arrivals: Arrivals,
  vus: Executor['vus'],
  issue: (index: number, sinceMs: number, nowMs: number) => void,
): Executor {
  const pacer = startPacer({
    timer: ground.timer,
    arrivals,
    zeroMs: ground.startMs,
    durationMs: ground.durationMs,
    issue: (sinceMs, index, nowMs) => issue(index, sinceMs, nowMs),
    onEnd: ground.end,
  });
  return { vus, nextMs: pacer.nextMs, stop: pacer.stop };
}

export function startTrace(ground: Ground, plan: Extract<Plan, { type: 'trace' }>): Executor {
  return paced(
    ground,
    tracedArrivals(plan.arrivals),
    () => null,
    (index, sinceMs, nowMs) => {
      const [, route, path, bodyBytes] = plan.arrivals[index] as (typeof plan.arrivals)[number];
      ground.sendRecorded({ route, path, bodyBytes }, sinceMs, nowMs);
    },
  );
}

export function startArrivals(ground: Ground, plan: Extract<Plan, { type: 'arrivals' }>): Executor {
  const arrivals =
    plan.arrivals === 'poisson'
      ? poissonArrivals(plan.ratePerSec, createRandom(ground.seed, streamOf('arrivals')))
      : uniformArrivals(plan.ratePerSec);
  const maxVUs = plan.maxVUs ?? Number.POSITIVE_INFINITY;

  // Every iteration draws in the order of the arrivals: one sequence of draws does for all of them.
  if (ground.length === 1) {
    const draws = ground.drawing(0);
    return paced(
      ground,
      arrivals,
      () => (plan.maxVUs === null ? null : ground.running()),
      (_, sinceMs, nowMs) =>
        ground.running() < maxVUs ? ground.sendOne(draws, sinceMs, nowMs) : ground.dropOne(draws, sinceMs, nowMs),
    );
  }
  // Sessions overlap, in an order that depends on the answers: each draws for itself.
  return paced(ground, arrivals, ground.running, (index, sinceMs, nowMs) => {
    const draws = ground.drawing(index);
    if (ground.running() >= maxVUs) ground.dropOne(draws, sinceMs, nowMs);
    else ground.createUser(draws, () => null).begin(ground.startMs + sinceMs, nowMs);
  });
}
