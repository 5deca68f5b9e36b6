import { z } from 'zod';
import { defineProbe } from './define-probe.ts';

export const foreign = defineProbe({
  title: 'Of another tool',
  help: 'A probe of another tool, kept as it was imported. It cannot be run here.',
  by: 'look',
  measure: z.strictObject({
    type: z.literal('foreign'),
    activity: z.record(z.string(), z.unknown()).meta({ title: 'As it was imported' }),
  }),
});
