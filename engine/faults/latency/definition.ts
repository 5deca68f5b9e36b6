import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const latencyDefinition = defineFault({
  fault: 'latency',
  title: 'Latency',
  help: 'Holds each chunk of bytes on the edge back for some time, in order. A new connection is accepted at once; its first bytes wait.',
  target: 'edge',
  family: 'network',
  parameters: z.strictObject({
    latencyMs: z
      .number()
      .min(0)
      .max(60_000)
      .default(200)
      .meta({ title: 'Latency', description: 'Added delay in milliseconds.' }),
    jitterMs: z.number().min(0).max(60_000).default(0).meta({
      title: 'Jitter',
      description: 'The delay is drawn uniformly from latency ± jitter, never below 0. Order is kept.',
    }),
    direction: z.enum(['upstream', 'downstream']).default('downstream').meta({
      title: 'Direction',
      description: 'Upstream delays what the caller sends, downstream what comes back.',
    }),
  }),
  probability: 'connection',
  ramps: { latencyMs: 0, jitterMs: 0 },
  defaults: {},
  limits: {},
});
