import { z } from 'zod';
import { constantCurve } from '../curve.ts';
import { defineExecutor } from './executor.ts';
import { arrivalFields, durationField, positiveRatePerSec, sourceFields } from './fields.ts';

/** An open model: iterations start at their own pace, whatever the answers do. */
export const constantArrivalRate = defineExecutor({
  schema: z
    .strictObject({
      executor: z.literal('constant-arrival-rate'),
      ...sourceFields,
      durationMs: durationField,
      ratePerSec: positiveRatePerSec.meta({ title: 'Rate', description: 'Arrivals per second.' }),
      ...arrivalFields,
    })
    .meta({ title: 'Constant arrival rate' }),
  planOf: ({ ratePerSec, arrivals, maxVUs = null, durationMs = null }) => ({
    plan: { type: 'arrivals', arrivals, ratePerSec: constantCurve(ratePerSec), maxVUs },
    durationMs,
  }),
});
