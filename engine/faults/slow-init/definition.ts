import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const slowInitDefinition = defineFault({
  fault: 'slow-init',
  title: 'Slow INIT',
  help: 'INIT of new environments takes longer, as with a large package or a slow dependency. Who waits for one, waits longer, and it is billed.',
  target: 'process',
  family: 'function',
  staysReady: true,
  probability: 'request',
  ramps: { delayMs: 1 },
  parameters: z.strictObject({
    delayMs: z.number().int().min(1).max(9000).default(1000).meta({
      title: 'Delay',
      description: 'How much longer each INIT takes. One of more than ten seconds in all fails.',
    }),
    renew: z.boolean().default(true).meta({
      title: 'Renew now',
      description:
        'The environments that there are take no new invocations any more. Without it, the effect shows when the next one starts.',
    }),
  }),
  defaults: {},
  limits: {},
});
