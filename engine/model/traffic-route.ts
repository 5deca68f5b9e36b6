import { z } from 'zod';
import { httpMethodSchema, httpPathSchema } from './handler.ts';

const sizeBytes = z.number().int().min(0).max(16_777_216);

/** Bytes of a request's body. */
export const sizeDistributionSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('fixed'), sizeBytes }),
  z.strictObject({ type: z.literal('uniform'), minBytes: sizeBytes, maxBytes: sizeBytes }),
  z.strictObject({ type: z.literal('lognormal'), medianBytes: sizeBytes, sigma: z.number().min(0).max(5) }),
]);

const parameterSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9_-]+$/, 'must be the name of a ":name" segment: letters, digits, "_" and "-"')
    .meta({ title: 'Name', description: 'The ":name" segment of the path that it stands for.' }),
  keys: z.number().int().min(1).max(1_000_000_000).default(1000).meta({
    title: 'Keys',
    description: 'Its values are the numbers from 1 up to this.',
  }),
  skew: z.number().min(0).max(10).default(0).meta({
    title: 'Skew',
    description:
      "Exponent s of Zipf's law: key k is asked for in proportion to 1 / k^s. 0: each key as often as any other; 1: a few are hot.",
  }),
});

export const trafficRouteSchema = z.strictObject({
  method: httpMethodSchema.default('GET'),
  path: httpPathSchema.meta({ description: 'A segment that begins with ":" is a parameter.' }),
  weight: z.number().positive().max(1_000_000).default(1).meta({
    title: 'Weight',
    description: 'Share of the requests, against the weights of the other routes.',
  }),
  /** Needed only where the client has more than one outgoing edge. */
  edge: z.string().min(1).optional(),
  parameters: z.array(parameterSchema).max(20).default([]),
  bodyBytes: sizeDistributionSchema
    .default({ type: 'fixed', sizeBytes: 0 })
    .meta({ title: 'Body size', description: 'Bytes that go along with a POST, PUT or PATCH.' }),
});

export type SizeDistribution = z.infer<typeof sizeDistributionSchema>;
export type TrafficRoute = z.infer<typeof trafficRouteSchema>;
