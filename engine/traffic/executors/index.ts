import type { Plan } from '../../model/executors/plan.ts';
import type { Executor, Ground } from './executor.ts';
import { startIterations } from './iterations.ts';
import { startArrivals, startTrace } from './paced.ts';
import { startVUs } from './vus.ts';

type Starters = { [Type in Plan['type']]: (ground: Ground, plan: Extract<Plan, { type: Type }>) => Executor };

const starters: Starters = {
  arrivals: startArrivals,
  trace: startTrace,
  vus: startVUs,
  iterations: startIterations,
};

export const startExecutor = (ground: Ground, plan: Plan): Executor =>
  (starters[plan.type] as (ground: Ground, plan: Plan) => Executor)(ground, plan);
