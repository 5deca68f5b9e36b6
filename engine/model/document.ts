import { z } from 'zod';
import { experimentSchema } from './experiment.ts';
import { groupSchema } from './groups.ts';
import { noteSchema } from './notes.ts';
import { edgeSchema, nodeSchema } from './parts.ts';
import { pricesSchema } from './price-sheet.ts';
import { scenarioSchema } from './scenario.ts';
import { sweepSchema } from './sweep.ts';

/** The version of the file format that this build writes. Older ones are migrated when they are opened. */
export const FORMAT = 1;

/** What is saved as `*.archipel.json`. */
export const documentSchema = z.strictObject({
  $schema: z.string().optional(),
  format: z.literal(FORMAT),
  name: z.string().min(1).max(120),
  description: z.string().max(4000).default(''),
  nodes: z.array(nodeSchema).default([]),
  edges: z.array(edgeSchema).default([]),
  groups: z.array(groupSchema).default([]),
  notes: z.array(noteSchema).default([]),
  scenarios: z.array(scenarioSchema).default([]),
  experiments: z.array(experimentSchema).default([]),
  sweeps: z.array(sweepSchema).default([]),
  /** What is measured costs this. Without it: the newest price sheet. */
  prices: pricesSchema.optional(),
});

export type ArchipelDocument = z.infer<typeof documentSchema>;

export { type ArchipelEdge, type ArchipelNode, nodeSchema } from './parts.ts';
