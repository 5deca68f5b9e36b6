import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const retryStormDefinition = defineFault({
  fault: 'retry-storm',
  title: 'Retry storm',
  help: 'Requests that fail are sent again at once, without a pause, whatever the policies of the edge say. Each counts once, with the outcome of its last attempt. It acts on requests that begin while it is on.',
  target: 'process',
  family: 'traffic',
  staysReady: true,
  probability: 'request',
  parameters: z.strictObject({
    retries: z.number().int().min(1).max(20).default(3).meta({
      title: 'Retries',
      description: 'How often a request that fails is sent again at most.',
    }),
  }),
  defaults: {},
  limits: {},
});
