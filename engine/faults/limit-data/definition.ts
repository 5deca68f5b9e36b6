import { z } from 'zod';
import { directionField } from '../define-direction.ts';
import { defineFault } from '../define-fault.ts';

export const limitDataDefinition = defineFault({
  fault: 'limit-data',
  title: 'Limit data',
  help: 'Each connection is cut after so many bytes, in the middle of whatever it carries. Counted from when the fault is on.',
  target: 'edge',
  family: 'network',
  parameters: z.strictObject({
    limitBytes: z.number().int().min(0).max(1_000_000_000).default(10_000).meta({
      title: 'Limit',
      description: 'Bytes that pass before the connection is cut.',
    }),
    direction: directionField('both').meta({
      title: 'Direction',
      description: 'Which bytes count: those that the caller sends, those that come back, or both together.',
    }),
    ending: z.enum(['end', 'reset']).default('end').meta({
      title: 'Ending',
      description:
        'End: both sides get exactly what passed, then the end (FIN). Reset: they meet a reset (RST), and what was still under way may be lost too.',
    }),
  }),
  probability: 'connection',
  defaults: {},
  limits: {},
});
