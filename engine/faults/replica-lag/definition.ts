import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const replicaLagDefinition = defineFault({
  fault: 'replica-lag',
  title: 'Replica lag',
  help: 'A read replica applies each commit later than it receives it (recovery_min_apply_delay). Reads from it are stale for that long.',
  target: 'process',
  leastReplicas: 2,
  family: 'storage',
  staysReady: true,
  parameters: z.strictObject({
    delayMs: z.number().int().min(50).max(600_000).default(2000).meta({
      title: 'Delay',
      description: 'From the commit on the primary until it is applied, in milliseconds.',
    }),
  }),
  defaults: {},
  limits: {},
});
