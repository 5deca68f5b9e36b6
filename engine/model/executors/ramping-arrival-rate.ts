import { z } from 'zod';
import { type Curve, curveDurationMs } from '../curve.ts';
import { defineExecutor } from './executor.ts';
import { arrivalFields, ratePerSec, sourceFields, stageDurationMs } from './fields.ts';

/** An open model whose rate goes in a straight line to the target of each stage. It is over with its last stage. */
export const rampingArrivalRate = defineExecutor({
  schema: z
    .strictObject({
      executor: z.literal('ramping-arrival-rate'),
      ...sourceFields,
      startRatePerSec: ratePerSec
        .default(0)
        .meta({ title: 'Start rate', description: 'Arrivals per second at first.' }),
      stages: z
        .array(
          z.strictObject({
            durationMs: stageDurationMs,
            ratePerSec: ratePerSec.default(50).meta({ title: 'Rate', description: 'Arrivals per second at its end.' }),
          }),
        )
        .min(1)
        .max(200),
      ...arrivalFields,
    })
    .meta({ title: 'Ramping arrival rate' }),
  planOf({ startRatePerSec, stages, arrivals, maxVUs = null }) {
    const curve: Curve = {
      start: startRatePerSec,
      stages: stages.map(({ durationMs, ratePerSec: target }) => ({ durationMs, target })),
      after: 'end',
    };
    return { plan: { type: 'arrivals', arrivals, ratePerSec: curve, maxVUs }, durationMs: curveDurationMs(curve) };
  },
});
