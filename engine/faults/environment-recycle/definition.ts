import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const environmentRecycleDefinition = defineFault({
  fault: 'environment-recycle',
  title: 'Environment recycled',
  help: 'The environment of an invocation is killed in the middle of it, as when its machine goes: it fails with 502, and the next request needs a cold start.',
  target: 'process',
  family: 'function',
  staysReady: true,
  probability: 'request',
  parameters: z.strictObject({
    afterMs: z.number().int().min(0).max(600_000).default(0).meta({
      title: 'After',
      description: 'How long after its invocation began. One that is answered by then is spared.',
    }),
  }),
  defaults: {},
  limits: {},
});
