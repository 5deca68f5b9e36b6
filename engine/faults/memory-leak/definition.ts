import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const memoryLeakDefinition = defineFault({
  fault: 'memory-leak',
  title: 'Memory leak',
  help: 'The process takes more and more memory and keeps it, up to a limit; it really is resident. With a limit of its heap, as by the fault heap-limit, the process ends when that is full. All of it is given back when the fault comes off.',
  target: 'process',
  family: 'resource',
  staysReady: true,
  parameters: z.strictObject({
    mbPerSec: z.number().min(1).max(1000).default(20).meta({
      title: 'MB per second',
      description: 'How fast it grows.',
    }),
    limitMb: z.number().int().min(1).max(4096).default(256).meta({
      title: 'Limit (MB)',
      description: 'Then it stays as it is.',
    }),
    where: z.enum(['heap', 'buffers']).default('heap').meta({
      title: 'Where',
      description: 'On the heap of V8, as forgotten objects are, or outside of it, as buffers are.',
    }),
  }),
  defaults: {},
  limits: {},
});
