import { z } from 'zod';
import { constantCurve } from '../curve.ts';
import { defineExecutor } from './executor.ts';
import { durationField, sessionField, sourceFields, vus } from './fields.ts';

/** A closed model: so many users, each of whom starts the next iteration when the one before it is over. */
export const constantVUs = defineExecutor({
  schema: z
    .strictObject({
      executor: z.literal('constant-vus'),
      ...sourceFields,
      durationMs: durationField,
      vus: vus.default(10).meta({
        title: 'VUs',
        description: 'Virtual users. More of them than the edge has connections wait in the client for one.',
      }),
      session: sessionField,
    })
    .meta({ title: 'Constant VUs' }),
  planOf: ({ vus: users, durationMs = null }) => ({
    plan: { type: 'vus', vus: constantCurve(users), gracefulRampDownMs: 0 },
    durationMs,
  }),
});
