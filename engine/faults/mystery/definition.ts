import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const mysteryDefinition = defineFault({
  fault: 'mystery',
  title: 'Mystery',
  help: 'For training: faults that are drawn from the seed come and go on what runs, and which and where is told only at the end, with times and proofs. A client meets nothing but faults of its traffic.',
  target: 'any',
  family: 'group',
  staysReady: true,
  hidden: true,
  parameters: z.strictObject({
    families: z
      .array(z.enum(['process', 'resource', 'network', 'http', 'storage', 'traffic', 'control']))
      .min(1)
      .default(['process', 'resource', 'network', 'http', 'storage', 'control'])
      .meta({ title: 'Families', description: 'Of the faults that it may put on.' }),
    intensity: z.number().int().min(1).max(5).default(1).meta({
      title: 'Intensity',
      description: 'How many faults are on at a time.',
    }),
    eachMs: z.number().int().min(500).max(600_000).default(8000).meta({
      title: 'Each for',
      description:
        'Milliseconds that each of them is on, on average: drawn between half and one and a half times that.',
    }),
  }),
  defaults: {},
  limits: {},
});
