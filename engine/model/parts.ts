import { z } from 'zod';
import { edgeConfigSchema } from './edge.ts';
import { idSchema } from './id.ts';

export const nodeSchema = z.strictObject({
  id: idSchema,
  kind: z.string().min(1),
  name: z.string().min(1).max(80),
  position: z.strictObject({ x: z.number(), y: z.number() }),
  /** The host, zone or team that it stands in. */
  group: z.string().min(1).optional(),
  /** A node that is locked is not moved or deleted on the canvas. */
  locked: z.boolean().optional(),
  /** A node that was placed by hand stays where it is when the canvas is tidied up. */
  placed: z.boolean().optional(),
  /** Its schema belongs to the kind; see the kinds' definitions. */
  config: z.record(z.string(), z.unknown()).default({}),
});

export const edgeSchema = z.strictObject({
  id: idSchema,
  source: idSchema,
  target: idSchema,
  config: edgeConfigSchema.prefault({}),
});

export type ArchipelNode = z.infer<typeof nodeSchema>;
export type ArchipelEdge = z.infer<typeof edgeSchema>;
