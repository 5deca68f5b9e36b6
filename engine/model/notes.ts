import { z } from 'zod';
import { idSchema } from './id.ts';

/** Something written on the canvas for people. It runs nothing and changes nothing. */
export const noteSchema = z.strictObject({
  id: idSchema,
  text: z.string().max(4000).default(''),
  /** Top left corner on the canvas, as nodes have it. */
  position: z.strictObject({ x: z.number(), y: z.number() }),
  size: z.strictObject({ width: z.number().min(80), height: z.number().min(40) }),
  color: z.enum(['yellow', 'green', 'blue', 'pink']).default('yellow'),
  /** A note that is locked is not moved or deleted on the canvas. */
  locked: z.boolean().optional(),
});

export type ArchipelNote = z.infer<typeof noteSchema>;
