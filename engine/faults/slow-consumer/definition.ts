import { z } from 'zod';
import { destination } from '../define-destination.ts';
import { defineFault } from '../define-fault.ts';

export const slowConsumerDefinition = defineFault({
  fault: 'slow-consumer',
  title: 'Slow consumer',
  help: 'The work on each message begins later: consumers hold more of them for longer, and the backlog grows.',
  target: 'process',
  family: 'messaging',
  staysReady: true,
  probability: 'message',
  ramps: { delayMs: 0 },
  parameters: z.strictObject({
    destination,
    delayMs: z.number().min(1).max(600_000).default(200).meta({
      title: 'Delay',
      description: 'How much later the work on a message begins, in milliseconds.',
    }),
  }),
  defaults: {},
  limits: {},
});
