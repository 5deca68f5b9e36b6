import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const poolExhaustionDefinition = defineFault({
  fault: 'pool-exhaustion',
  title: 'Pool exhaustion',
  help: 'Opens real connections until the server has none left for the topology, as a leak in another program does. Callers keep what they have; who needs another one is refused.',
  target: 'process',
  family: 'storage',
  staysReady: true,
  parameters: z.strictObject({
    leave: z.number().int().min(0).max(500).default(0).meta({
      title: 'Leave',
      description: 'How many connections stay free for the topology.',
    }),
  }),
  defaults: {},
  limits: {},
});
