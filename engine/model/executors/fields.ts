import { z } from 'zod';
import { distributionSchema } from '../distribution.ts';
import { trafficRouteSchema } from '../traffic-route.ts';

/** The largest numbers that one client program is made for. */
const MAX_RATE_PER_SEC = 50_000;
const MAX_VUS = 10_000;
const DAY_MS = 86_400_000;

export const ratePerSec = z.number().min(0).max(MAX_RATE_PER_SEC);
export const positiveRatePerSec = z.number().positive().max(MAX_RATE_PER_SEC);
/** A moment, or a stretch of the time of a scenario. */
export const timeMs = z.number().int().min(0).max(DAY_MS);
export const stageDurationMs = timeMs
  .default(5000)
  .meta({ title: 'Duration', description: 'How long this stage takes.' });
export const vus = z.number().int().min(1).max(MAX_VUS);
export const vusOrNone = z.number().int().min(0).max(MAX_VUS);

/** What every executor has. */
export const sourceFields = {
  /** Id of the client node that sends this traffic. */
  client: z.string().min(1),
  startTimeMs: timeMs.default(0).meta({
    title: 'Start time',
    description: 'When this traffic begins, counted from the start of the scenario.',
  }),
  gracefulStopMs: z.number().int().min(0).max(600_000).optional().meta({
    title: 'Graceful stop',
    description:
      'How long iterations in progress may take to end after the last one has begun. Empty: as the scenario says.',
  }),
  routes: z.array(trafficRouteSchema).min(1).max(200),
};

export const durationField = z.number().int().min(100).max(DAY_MS).optional().meta({
  title: 'Duration',
  description: 'Empty: until the scenario is over.',
});

const thinkTime = distributionSchema
  .default({ type: 'fixed', valueMs: 0 })
  .meta({ title: 'Think time', description: 'What a user waits after an answer before the next request.' });

/** One iteration of a virtual user. By default it is one request of the mix, without think time. */
export const sessionField = z
  .discriminatedUnion('order', [
    z.strictObject({
      order: z.literal('mix'),
      requests: z.number().int().min(1).max(10_000).default(1).meta({
        title: 'Requests',
        description: 'How many requests one session has, each drawn from the routes by weight.',
      }),
      thinkTime,
    }),
    z.strictObject({ order: z.literal('sequence'), thinkTime }),
  ])
  .default({ order: 'mix', requests: 1, thinkTime: { type: 'fixed', valueMs: 0 } })
  .meta({
    title: 'Session',
    description: 'What one iteration does: requests of the mix of routes, or each route once in their order.',
  });

/** What the executors with an arrival rate share. */
export const arrivalFields = {
  arrivals: z.enum(['poisson', 'uniform']).default('poisson').meta({
    title: 'Arrivals',
    description: 'Poisson: independent of each other, as those of many people are. Uniform: evenly spaced.',
  }),
  maxVUs: vus.optional().meta({
    title: 'Max VUs',
    description:
      'Iterations at a time. An arrival beyond this is dropped and counted. Empty: no limit but the queue of the client.',
  }),
  session: sessionField,
};

export type Session = z.infer<typeof sessionField>;
