import { z } from 'zod';

const milliseconds = z.number().min(0).max(600_000);

const uniformSchema = z
  .strictObject({ type: z.literal('uniform'), minMs: milliseconds, maxMs: milliseconds })
  .refine(({ minMs, maxMs }) => minMs <= maxMs, { path: ['maxMs'], message: 'must not be less than "minMs"' });

const percentileSchema = z.strictObject({ percentile: z.number().min(0).max(100), valueMs: milliseconds });

/** Percentiles as they were measured somewhere; the inverse of the distribution function is linear between them. */
const empiricalSchema = z.strictObject({
  type: z.literal('empirical'),
  percentiles: z
    .array(percentileSchema)
    .min(2)
    .max(1000)
    .superRefine((points, context) => {
      const problem = (index: number, field: keyof z.infer<typeof percentileSchema>, message: string): void =>
        context.addIssue({ code: 'custom', path: [index, field], message });
      points.forEach(({ percentile, valueMs }, index) => {
        const before = points[index - 1];
        if (before && percentile <= before.percentile)
          problem(index, 'percentile', `must be more than the one before it, ${before.percentile}`);
        if (before && valueMs < before.valueMs)
          problem(index, 'valueMs', `must not be less than the one before it, ${before.valueMs}`);
      });
      if (points[0] && points[0].percentile !== 0)
        problem(0, 'percentile', 'must be 0: the list begins with the least value');
      const last = points.length - 1;
      if (last > 0 && points[last]?.percentile !== 100)
        problem(last, 'percentile', 'must be 100: the list ends with the greatest value');
    })
    .meta({
      title: 'Percentiles',
      description: 'From 0, the least value, up to 100, the greatest; in between, values lie on straight lines.',
    }),
});

/** How long one piece of work takes, in milliseconds. Sampled once per request. */
export const distributionSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('fixed'), valueMs: milliseconds }),
  uniformSchema,
  z.strictObject({ type: z.literal('exponential'), meanMs: milliseconds }),
  z.strictObject({ type: z.literal('lognormal'), medianMs: milliseconds, sigma: z.number().min(0).max(5) }),
  empiricalSchema,
]);

export type Distribution = z.infer<typeof distributionSchema>;
