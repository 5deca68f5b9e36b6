import { z } from 'zod';
import { defineExecutor } from './executor.ts';
import { iterationFields } from './iterations.ts';

/** All users together do so many iterations; who is free takes the next. */
export const sharedIterations = defineExecutor({
  schema: z
    .strictObject({ executor: z.literal('shared-iterations'), ...iterationFields })
    .meta({ title: 'Iterations shared by VUs' }),
  planOf: ({ vus, iterations, maxDurationMs }) => ({
    plan: { type: 'iterations', vus, iterations, shared: true },
    durationMs: maxDurationMs,
  }),
});
