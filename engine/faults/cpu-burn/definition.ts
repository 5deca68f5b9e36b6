import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const cpuBurnDefinition = defineFault({
  fault: 'cpu-burn',
  title: 'CPU burn',
  help: 'The process computes for nothing, beside its work in a thread of its own, or in the way of its work on the event loop.',
  target: 'process',
  family: 'resource',
  staysReady: true,
  ramps: { loadPercent: 0 },
  parameters: z.strictObject({
    loadPercent: z.number().min(1).max(100).default(60).meta({
      title: 'Load (%)',
      description: 'Share of one core that it asks for. On a busy machine it gets less.',
    }),
    where: z.enum(['thread', 'event-loop']).default('thread').meta({
      title: 'Where',
      description:
        'Thread: it takes a core away from everybody. Event loop: in slices of 20 ms, for which requests wait as well.',
    }),
  }),
  defaults: {},
  limits: {},
});
