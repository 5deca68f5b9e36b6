import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const slowStartDefinition = defineFault({
  fault: 'slow-start',
  title: 'Slow start',
  help: 'From now on a process that is started runs, but counts as ready only after a delay, and gets no requests before. The time that a start may take is longer by as much.',
  target: 'process',
  family: 'process',
  staysReady: true,
  parameters: z.strictObject({
    readyDelayMs: z.number().int().min(1).max(600_000).default(2000).meta({
      title: 'Ready delay',
      description: 'How long after its start it is ready at the earliest.',
    }),
    scope: z.enum(['replica', 'node']).default('node').meta({
      title: 'Which starts',
      description: 'Of this replica alone, or of all of its node, those that are added by scaling or a deploy too.',
    }),
    restart: z.boolean().default(true).meta({
      title: 'Restart now',
      description: 'The process is restarted when the fault goes on. Without it, the effect shows at the next start.',
    }),
  }),
  defaults: {},
  limits: {},
});
