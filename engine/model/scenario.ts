import { z } from 'zod';
import { executors } from './executors/index.ts';

const [first, ...others] = executors;

export const trafficSourceSchema = z.discriminatedUnion('executor', [
  first.schema,
  ...(others.map(({ schema }) => schema) as unknown as Schemas<typeof others>),
]);

type Schemas<List extends readonly { schema: unknown }[]> = { [Index in keyof List]: List[Index]['schema'] };

export const scenarioSchema = z.strictObject({
  name: z.string().min(1).max(80),
  description: z.string().max(2000).default(''),
  durationMs: z.number().int().min(100).max(86_400_000).default(20_000),
  /** The same seed gives the same arrivals, routes, keys, sizes and think times. */
  seed: z.number().int().min(0).max(4_294_967_295).default(1),
  /** How long requests in flight may take to end after the last arrival. */
  gracefulStopMs: z.number().int().min(0).max(600_000).default(3000),
  traffic: z.array(trafficSourceSchema).min(1).max(50),
});

export type { TrafficSource } from './executors/index.ts';
export type Scenario = z.infer<typeof scenarioSchema>;

/** "GET /orders": how a route is named in results, probes and charts. */
export const routeName = (route: { method: string; path: string }): string => `${route.method} ${route.path}`;
