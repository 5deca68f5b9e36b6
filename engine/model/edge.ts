import { z } from 'zod';

/** What travels on an edge. The target's kind decides it. */
export const protocolSchema = z.enum(['http', 'postgres']);
export type Protocol = z.infer<typeof protocolSchema>;

/** Policies of the calling side. */
export const edgeConfigSchema = z.strictObject({
  timeoutMs: z.number().int().min(1).max(600_000).default(2000).meta({
    title: 'Timeout',
    description: 'The caller gives a request up after this time and counts it as failed with reason "timeout".',
  }),
  maxConnections: z.number().int().min(1).max(1024).default(32).meta({
    title: 'Max connections',
    description:
      'Connections that one calling process keeps open to each replica of the target. Further requests wait.',
  }),
});

export type EdgeConfig = z.infer<typeof edgeConfigSchema>;
