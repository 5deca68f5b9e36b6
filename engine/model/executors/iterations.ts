import { z } from 'zod';
import { sessionField, sourceFields, vus } from './fields.ts';

/** What the executors with a number of iterations share. */
export const iterationFields = {
  ...sourceFields,
  vus: vus.default(1).meta({ title: 'VUs', description: 'Virtual users who work through the iterations.' }),
  iterations: z.number().int().min(1).max(10_000_000).default(1).meta({
    title: 'Iterations',
    description: 'Of each user, or of all together, as the executor says.',
  }),
  maxDurationMs: z.number().int().min(100).max(86_400_000).default(600_000).meta({
    title: 'Max duration',
    description: 'Iterations that have not begun by then are dropped and counted.',
  }),
  session: sessionField,
};
