import { z } from 'zod';
import { type Curve, curveDurationMs } from '../curve.ts';
import { defineExecutor } from './executor.ts';
import { sessionField, sourceFields, stageDurationMs, vusOrNone } from './fields.ts';

/** A closed model whose number of users goes in a straight line to the target of each stage. It is over with its last stage. */
export const rampingVUs = defineExecutor({
  schema: z
    .strictObject({
      executor: z.literal('ramping-vus'),
      ...sourceFields,
      startVUs: vusOrNone.default(1).meta({ title: 'Start VUs', description: 'Virtual users at first.' }),
      stages: z
        .array(
          z.strictObject({
            durationMs: stageDurationMs,
            vus: vusOrNone.default(10).meta({ title: 'VUs', description: 'Virtual users at its end.' }),
          }),
        )
        .min(1)
        .max(200),
      gracefulRampDownMs: z.number().int().min(0).max(600_000).default(30_000).meta({
        title: 'Graceful ramp down',
        description: 'How long the iteration of a user who leaves may still take. Then it is interrupted.',
      }),
      session: sessionField,
    })
    .meta({ title: 'Ramping VUs' }),
  planOf({ startVUs, stages, gracefulRampDownMs }) {
    const curve: Curve = {
      start: startVUs,
      stages: stages.map(({ durationMs, vus: target }) => ({ durationMs, target })),
      after: 'end',
    };
    return { plan: { type: 'vus', vus: curve, gracefulRampDownMs }, durationMs: curveDurationMs(curve) };
  },
});
