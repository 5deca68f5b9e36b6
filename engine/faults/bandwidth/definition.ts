import { z } from 'zod';
import { directionField } from '../define-direction.ts';
import { defineFault } from '../define-fault.ts';

export const bandwidthDefinition = defineFault({
  fault: 'bandwidth',
  title: 'Bandwidth',
  help: 'The edge carries only so many bytes a second in each direction. What is more waits its turn, and soon the sender feels that it must wait.',
  target: 'edge',
  family: 'network',
  parameters: z.strictObject({
    rateKBps: z.number().min(0.1).max(1_000_000).default(100).meta({
      title: 'Rate',
      description: 'Kilobytes (1000 bytes) per second, in each direction.',
    }),
    burstKB: z.number().min(0).max(100_000).default(0).meta({
      title: 'Burst',
      description: 'So many kilobytes pass at full speed after a pause that was long enough.',
    }),
    perConnection: z.boolean().default(false).meta({
      title: 'Per connection',
      description: 'Each connection has the rate for itself, instead of all connections of the edge together.',
    }),
    direction: directionField('both'),
  }),
  probability: 'connection',
  ramps: { rateKBps: 1_000_000 },
  rampScale: 'geometric',
  defaults: {},
  limits: {},
});
