import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const gcChurnDefinition = defineFault({
  fault: 'gc-churn',
  title: 'GC churn',
  help: 'The process makes garbage on its heap all the time, and its garbage collector runs over and over: requests wait while it does.',
  target: 'process',
  family: 'resource',
  staysReady: true,
  ramps: { mbPerSec: 0 },
  parameters: z.strictObject({
    mbPerSec: z.number().min(1).max(2000).default(150).meta({
      title: 'MB per second',
      description: 'Garbage that it makes. A busy machine may not come to all of it.',
    }),
    keptMb: z.number().min(0).max(256).default(8).meta({
      title: 'Kept (MB)',
      description: 'So much of the newest is still in use, and has to be copied by the collector.',
    }),
  }),
  defaults: {},
  limits: {},
});
