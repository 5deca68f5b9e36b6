import { z } from 'zod';
import { edgeConfigSchema } from './edge.ts';
import { experimentSchema } from './experiment.ts';
import { scenarioSchema } from './scenario.ts';

/** The version of the file format that this build writes. Older ones are migrated when they are opened. */
export const FORMAT = 1;

const idSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be 1 to 63 of a-z, 0-9 and "-", and start with a letter or digit');

export const nodeSchema = z.strictObject({
  id: idSchema,
  kind: z.string().min(1),
  name: z.string().min(1).max(80),
  position: z.strictObject({ x: z.number(), y: z.number() }),
  /** Its schema belongs to the kind; see the kinds' definitions. */
  config: z.record(z.string(), z.unknown()).default({}),
});

export const edgeSchema = z.strictObject({
  id: idSchema,
  source: idSchema,
  target: idSchema,
  config: edgeConfigSchema.prefault({}),
});

/** What is saved as `*.archipel.json`. */
export const documentSchema = z.strictObject({
  $schema: z.string().optional(),
  format: z.literal(FORMAT),
  name: z.string().min(1).max(120),
  description: z.string().max(4000).default(''),
  nodes: z.array(nodeSchema).default([]),
  edges: z.array(edgeSchema).default([]),
  scenarios: z.array(scenarioSchema).default([]),
  experiments: z.array(experimentSchema).default([]),
});

export type ArchipelNode = z.infer<typeof nodeSchema>;
export type ArchipelEdge = z.infer<typeof edgeSchema>;
export type ArchipelDocument = z.infer<typeof documentSchema>;
