import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const slowBrokerDefinition = defineFault({
  fault: 'slow-broker',
  title: 'Slow broker',
  help: 'Each command to the broker waits before it is run: publishing, taking and acknowledging take longer. Only in the embedded server.',
  target: 'process',
  family: 'messaging',
  staysReady: true,
  ramps: { delayMs: 0 },
  parameters: z.strictObject({
    delayMs: z.number().min(1).max(1000).default(50).meta({
      title: 'Delay',
      description: 'How much later each command is run, in milliseconds.',
    }),
  }),
  defaults: {},
  limits: {},
});
