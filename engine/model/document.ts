import { z } from 'zod';
import { edgeConfigSchema } from './edge.ts';
import { experimentSchema } from './experiment.ts';
import { groupSchema } from './groups.ts';
import { idSchema } from './id.ts';
import { scenarioSchema } from './scenario.ts';

/** The version of the file format that this build writes. Older ones are migrated when they are opened. */
export const FORMAT = 1;

export const nodeSchema = z.strictObject({
  id: idSchema,
  kind: z.string().min(1),
  name: z.string().min(1).max(80),
  position: z.strictObject({ x: z.number(), y: z.number() }),
  /** The host or zone that it stands in. */
  group: z.string().min(1).optional(),
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
  groups: z.array(groupSchema).default([]),
  scenarios: z.array(scenarioSchema).default([]),
  experiments: z.array(experimentSchema).default([]),
});

export type ArchipelNode = z.infer<typeof nodeSchema>;
export type ArchipelEdge = z.infer<typeof edgeSchema>;
export type ArchipelDocument = z.infer<typeof documentSchema>;
