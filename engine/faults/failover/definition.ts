import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const failoverDefinition = defineFault({
  fault: 'failover',
  title: 'Failover',
  help: 'The primary is killed, and the read replica that received most takes over (pg_promote): writes go there, and what was committed and not yet received is lost. When the fault comes off the old primary has copied the new one and takes its place again.',
  target: 'process',
  leastReplicas: 2,
  family: 'storage',
  parameters: z.strictObject({
    detectAfterMs: z.number().int().min(0).max(600_000).default(1000).meta({
      title: 'Detected after',
      description:
        'How long nobody notices that the primary is gone, in milliseconds. Only then a read replica is promoted.',
    }),
    planned: z.boolean().default(false).meta({
      title: 'Planned',
      description: 'A switchover: the primary is asked to stop and sends what it has, and nobody waits to notice.',
    }),
  }),
  defaults: {},
  limits: {
    win32:
      'Windows has no signals: a server ends at once, so that a switchover and the way back may lose the last commits.',
  },
});
