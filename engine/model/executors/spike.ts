import { z } from 'zod';
import { defineExecutor } from './executor.ts';
import { arrivalFields, durationField, positiveRatePerSec, ratePerSec, sourceFields, timeMs } from './fields.ts';

/** A steady arrival rate with one spike in it: stages of `ramping-arrival-rate` that stay at the base afterwards. */
export const spike = defineExecutor({
  schema: z
    .strictObject({
      executor: z.literal('spike'),
      ...sourceFields,
      durationMs: durationField,
      baseRatePerSec: ratePerSec
        .default(20)
        .meta({ title: 'Base rate', description: 'Arrivals per second before and after.' }),
      peakRatePerSec: positiveRatePerSec
        .default(200)
        .meta({ title: 'Peak rate', description: 'Arrivals per second in the spike.' }),
      spikeAtMs: timeMs.default(5000).meta({ title: 'Spike at', description: 'When the rate begins to rise.' }),
      rampMs: timeMs.default(0).meta({ title: 'Ramp', description: 'How long it takes to rise, and to fall.' }),
      holdMs: timeMs.default(3000).meta({ title: 'Hold', description: 'How long it stays at the peak.' }),
      ...arrivalFields,
    })
    .meta({ title: 'Spike' }),
  planOf: ({
    baseRatePerSec,
    peakRatePerSec,
    spikeAtMs,
    rampMs,
    holdMs,
    arrivals,
    maxVUs = null,
    durationMs = null,
  }) => ({
    plan: {
      type: 'arrivals',
      arrivals,
      ratePerSec: {
        start: baseRatePerSec,
        stages: [
          { durationMs: spikeAtMs, target: baseRatePerSec },
          { durationMs: rampMs, target: peakRatePerSec },
          { durationMs: holdMs, target: peakRatePerSec },
          { durationMs: rampMs, target: baseRatePerSec },
        ],
        after: 'hold',
      },
      maxVUs,
    },
    durationMs,
  }),
});
