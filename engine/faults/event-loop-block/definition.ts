import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const eventLoopBlockDefinition = defineFault({
  fault: 'event-loop-block',
  title: 'Event-loop block',
  help: 'Holds the event loop of the process over and over, as a synchronous call does: nothing is read, answered or timed meanwhile. It costs no processor time.',
  target: 'process',
  family: 'resource',
  staysReady: true,
  ramps: { blockMs: 0 },
  parameters: z
    .strictObject({
      // A process that is held for longer than a call may take cannot hear that the fault is over.
      blockMs: z.number().int().min(10).max(4000).default(200).meta({
        title: 'Block',
        description: 'How long it is held at a time.',
      }),
      everyMs: z.number().int().min(20).max(60_000).default(1000).meta({
        title: 'Every',
        description: 'From the beginning of one block to that of the next.',
      }),
    })
    .refine(({ blockMs, everyMs }) => blockMs < everyMs, {
      path: ['blockMs'],
      message: 'must be less than "everyMs", or the process could do nothing at all; use the fault "pause" for that',
    }),
  defaults: {},
  limits: {},
});
