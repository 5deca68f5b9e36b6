import { z } from 'zod';

const milliseconds = z.number().min(0).max(600_000);

/** How long one piece of work takes, in milliseconds. Sampled once per request. */
export const distributionSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('fixed'), valueMs: milliseconds }),
  z.strictObject({ type: z.literal('uniform'), minMs: milliseconds, maxMs: milliseconds }),
  z.strictObject({ type: z.literal('exponential'), meanMs: milliseconds }),
  z.strictObject({ type: z.literal('lognormal'), medianMs: milliseconds, sigma: z.number().min(0).max(5) }),
]);

export type Distribution = z.infer<typeof distributionSchema>;
