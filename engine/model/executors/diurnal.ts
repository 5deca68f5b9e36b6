import { z } from 'zod';
import { defineExecutor } from './executor.ts';
import { arrivalFields, durationField, positiveRatePerSec, ratePerSec, sourceFields } from './fields.ts';

/** Straight lines for one day: half-hours of it, so that the wave is met to 0.3 % of its height. */
const STAGES = 48;

/**
 * A day's wave, compressed: from its lowest rate up to the highest in the middle of the day and down again, as a cosine;
 * day after day.
 */
export const diurnal = defineExecutor({
  schema: z
    .strictObject({
      executor: z.literal('diurnal'),
      ...sourceFields,
      durationMs: durationField,
      lowRatePerSec: ratePerSec.default(10).meta({ title: 'Low rate', description: 'Arrivals per second at night.' }),
      highRatePerSec: positiveRatePerSec
        .default(100)
        .meta({ title: 'High rate', description: 'Arrivals per second at noon.' }),
      dayMs: z.number().int().min(1000).max(86_400_000).default(60_000).meta({
        title: 'Length of a day',
        description: 'A day begins and ends at the low rate.',
      }),
      ...arrivalFields,
    })
    .meta({ title: 'Diurnal' }),
  planOf({ lowRatePerSec, highRatePerSec, dayMs, arrivals, maxVUs = null, durationMs = null }) {
    const rateAt = (share: number): number =>
      lowRatePerSec + ((highRatePerSec - lowRatePerSec) * (1 - Math.cos(2 * Math.PI * share))) / 2;
    const stages = Array.from({ length: STAGES }, (_, index) => ({
      durationMs: dayMs / STAGES,
      target: rateAt((index + 1) / STAGES),
    }));
    return {
      plan: { type: 'arrivals', arrivals, ratePerSec: { start: lowRatePerSec, stages, after: 'repeat' }, maxVUs },
      durationMs,
    };
  },
});
