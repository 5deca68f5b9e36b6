import { z } from 'zod';
import { destination } from '../define-destination.ts';
import { defineFault } from '../define-fault.ts';

export const consumerCrashDefinition = defineFault({
  fault: 'consumer-crash-before-ack',
  title: 'Crash before acknowledgement',
  help: 'The process ends abruptly when the work on a message is done and before it is acknowledged. It stays down until the fault comes off, or a supervisor starts it again.',
  target: 'process',
  family: 'messaging',
  parameters: z.strictObject({
    destination,
    times: z.number().int().min(1).max(1000).default(1).meta({
      title: 'Times',
      description: 'How often it ends so. More than once needs a restart.',
    }),
    restart: z.enum(['never', 'always']).default('never').meta({
      title: 'Restart',
      description: 'Never: it stays down until the fault comes off. Always: a supervisor starts it again.',
    }),
    restartAfterMs: z.number().int().min(0).max(600_000).default(500).meta({
      title: 'Restart after',
      description: 'How long the supervisor waits.',
    }),
  }),
  defaults: {},
  limits: {},
});
