import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const initCrashDefinition = defineFault({
  fault: 'init-crash',
  title: 'INIT crash',
  help: 'The process of a new environment ends in its INIT: who waits for it gets 502, and the next request tries again.',
  target: 'process',
  family: 'function',
  staysReady: true,
  probability: 'request',
  parameters: z.strictObject({
    renew: z.boolean().default(true).meta({
      title: 'Renew now',
      description:
        'The environments that there are take no new invocations any more. Without it, the effect shows when the next one starts.',
    }),
  }),
  defaults: {},
  limits: {},
});
