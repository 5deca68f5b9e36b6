import { z } from 'zod';
import { httpMethodSchema, httpPathSchema } from './handler.ts';

const trafficRouteSchema = z.strictObject({
  method: httpMethodSchema.default('GET'),
  path: httpPathSchema,
  weight: z.number().positive().max(1_000_000).default(1),
  /** Needed only where the client has more than one outgoing edge. */
  edge: z.string().min(1).optional(),
});

/** An open model: requests arrive at their own pace, whatever the answers do. */
export const constantArrivalRateSchema = z.strictObject({
  executor: z.literal('constant-arrival-rate'),
  /** Id of the client node that sends this traffic. */
  client: z.string().min(1),
  ratePerSec: z.number().positive().max(50_000),
  arrivals: z.enum(['poisson', 'uniform']).default('poisson'),
  routes: z.array(trafficRouteSchema).min(1),
});

export const scenarioSchema = z.strictObject({
  name: z.string().min(1).max(80),
  description: z.string().max(2000).default(''),
  durationMs: z.number().int().min(100).max(86_400_000).default(20_000),
  /** The same seed gives the same arrivals and the same choice of routes. */
  seed: z.number().int().min(0).max(4_294_967_295).default(1),
  /** How long requests in flight may take to end after the last arrival. */
  gracefulStopMs: z.number().int().min(0).max(600_000).default(3000),
  traffic: z.array(constantArrivalRateSchema).min(1),
});

export type TrafficSource = z.infer<typeof constantArrivalRateSchema>;
export type Scenario = z.infer<typeof scenarioSchema>;

/** "GET /orders": how a route is named in results, probes and charts. */
export const routeName = (route: { method: string; path: string }): string => `${route.method} ${route.path}`;
