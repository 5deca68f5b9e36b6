import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const heapLimitDefinition = defineFault({
  fault: 'heap-limit',
  title: 'Heap limit',
  help: 'The process is restarted with a cap on the heap of V8: when it needs more, by a leak for one, V8 ends it. When the fault comes off it is restarted without the cap.',
  target: 'process',
  family: 'resource',
  staysReady: true,
  parameters: z.strictObject({
    limitMb: z.number().int().min(16).max(65_536).default(64).meta({
      title: 'Limit (MB)',
      description: 'What the old generation of its heap may grow to; buffers lie outside of it.',
    }),
  }),
  defaults: {},
  limits: {},
});
