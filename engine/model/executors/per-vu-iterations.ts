import { z } from 'zod';
import { defineExecutor } from './executor.ts';
import { iterationFields } from './iterations.ts';

/** Each user does so many iterations. */
export const perVUIterations = defineExecutor({
  schema: z
    .strictObject({ executor: z.literal('per-vu-iterations'), ...iterationFields })
    .meta({ title: 'Iterations of each VU' }),
  planOf: ({ vus, iterations, maxDurationMs }) => ({
    plan: { type: 'iterations', vus, iterations, shared: false },
    durationMs: maxDurationMs,
  }),
});
