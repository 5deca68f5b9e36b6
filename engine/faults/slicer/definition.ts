import { z } from 'zod';
import { directionField } from '../define-direction.ts';
import { defineFault } from '../define-fault.ts';

export const slicerDefinition = defineFault({
  fault: 'slicer',
  title: 'Slicer',
  help: 'Cuts what travels into small slices with a pause between them, as a program must expect of any stream.',
  target: 'edge',
  family: 'network',
  parameters: z.strictObject({
    averageBytes: z.number().int().min(1).max(1_000_000).default(64).meta({
      title: 'Average size',
      description: 'Bytes of a slice, on average.',
    }),
    variationBytes: z.number().int().min(0).max(1_000_000).default(32).meta({
      title: 'Variation',
      description: 'The size is drawn uniformly from average ± variation, never below 1 byte.',
    }),
    delayMs: z.number().min(0).max(60_000).default(1).meta({
      title: 'Delay',
      description: 'Milliseconds between two slices.',
    }),
    direction: directionField('downstream'),
  }),
  probability: 'connection',
  ramps: { delayMs: 0 },
  defaults: {},
  limits: {},
});
