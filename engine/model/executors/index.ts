import type { z } from 'zod';
import { constantArrivalRate } from './constant-arrival-rate.ts';
import { constantVUs } from './constant-vus.ts';
import { diurnal } from './diurnal.ts';
import type { ExecutorDefinition } from './executor.ts';
import { perVUIterations } from './per-vu-iterations.ts';
import type { Planned } from './plan.ts';
import { rampingArrivalRate } from './ramping-arrival-rate.ts';
import { rampingVUs } from './ramping-vus.ts';
import { replay } from './replay.ts';
import { sharedIterations } from './shared-iterations.ts';
import { spike } from './spike.ts';

/** All executors, in the order in which they are offered. */
export const executors = [
  constantArrivalRate,
  rampingArrivalRate,
  spike,
  diurnal,
  constantVUs,
  rampingVUs,
  perVUIterations,
  sharedIterations,
  replay,
] as const;

export type TrafficSource = z.output<(typeof executors)[number]['schema']>;

/** What a source comes down to. */
export function planOf(source: TrafficSource): Planned {
  const definition = executors.find(({ schema }) => schema.shape.executor.value === source.executor);
  return (definition as unknown as ExecutorDefinition<z.ZodObject>).planOf(source);
}
