import type { Plan } from '../../model/executors/plan.ts';
import type { Spike } from '../../process-kit/traffic-hooks.ts';
import type { Arrivals } from '../arrivals/arrivals.ts';
import { poissonArrivals } from '../arrivals/poisson.ts';
import { tracedArrivals } from '../arrivals/traced.ts';
import { uniformArrivals } from '../arrivals/uniform.ts';
import type { Draws } from '../draws.ts';
import { startPacer } from '../pacer.ts';
import { createRandom, streamOf } from '../random.ts';
import { addArrivals } from './added.ts';
import type { Added, Executor, Ground } from './executor.ts';

type Paced = Omit<Executor, 'spike'>;

/** Starts iterations when they arrive. `issue` gets the number of the arrival and when it was due, since the start. */
function paced(
  ground: Ground,
  arrivals: Arrivals,
  vus: Executor['vus'],
  issue: (index: number, sinceMs: number, nowMs: number) => void,
): Paced {
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
  const spikes = new Map<Spike, () => number>();
  const trace = paced(
    ground,
    tracedArrivals(plan.arrivals),
    () => null,
    (index, sinceMs, nowMs) => {
      const [, route, path, bodyBytes] = plan.arrivals[index] as (typeof plan.arrivals)[number];
      ground.sendRecorded({ route, path, bodyBytes }, sinceMs, nowMs);
      for (const [spike, random] of spikes)
        for (let left = spike.factor - 1; left > 0 && (left >= 1 || random() < left); left -= 1) {
          spike.added += 1;
          ground.sendRecorded({ route, path, bodyBytes }, sinceMs, nowMs);
        }
    },
  );
  return {
    ...trace,
    /** Of a trace, each arrival comes so many times more; what is left of the factor is drawn. */
    spike(spike) {
      spikes.set(spike, createRandom(spike.seed, streamOf('added arrivals')));
      const none: Pick<Added, 'change' | 'vus' | 'nextMs'> = {
        change() {},
        vus: () => 0,
        nextMs: () => Number.POSITIVE_INFINITY,
      };
      return { ...none, stop: () => void spikes.delete(spike) };
    },
  };
}

export function startArrivals(ground: Ground, plan: Extract<Plan, { type: 'arrivals' }>): Executor {
  const arrivals =
    plan.arrivals === 'poisson'
      ? poissonArrivals(plan.ratePerSec, createRandom(ground.seed, streamOf('arrivals')))
      : uniformArrivals(plan.ratePerSec);
  const maxVUs = plan.maxVUs ?? Number.POSITIVE_INFINITY;

  // Sessions overlap, in an order that depends on the answers: each draws for itself.
  const issue = (draws: Draws, sinceMs: number, nowMs: number): void => {
    if (ground.running() >= maxVUs) ground.dropOne(draws, sinceMs, nowMs);
    else if (ground.length === 1) ground.sendOne(draws, sinceMs, nowMs);
    else ground.createUser(draws, () => null).begin(ground.startMs + sinceMs, nowMs);
  };
  const spike = (added: Spike): Added =>
    addArrivals({ ground, spike: added, ratePerSec: plan.ratePerSec, arrivals: plan.arrivals, issue });

  // Every iteration draws in the order of the arrivals: one sequence of draws does for all of them.
  if (ground.length === 1) {
    const draws = ground.drawing(0);
    const vus = (): number | null => (plan.maxVUs === null ? null : ground.running());
    return { ...paced(ground, arrivals, vus, (_, sinceMs, nowMs) => issue(draws, sinceMs, nowMs)), spike };
  }
  return {
    ...paced(ground, arrivals, ground.running, (index, sinceMs, nowMs) => issue(ground.drawing(index), sinceMs, nowMs)),
    spike,
  };
}
