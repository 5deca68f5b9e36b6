import { z } from 'zod';

const MAX_MS = 3_600_000;

export const durationMs = z.number().int().min(1).max(MAX_MS);

const pause = z.number().int().min(1).max(MAX_MS).optional();

/** What every step of a method may have. */
export const stepFields = {
  name: z.string().min(1).max(160).optional().meta({
    title: 'Name',
    description: 'By which another step waits for it.',
  }),
  background: z.boolean().optional().meta({
    title: 'In the background',
    description: 'The next step begins at once. The method ends when all steps have.',
  }),
  pauses: z
    .strictObject({ beforeMs: pause.meta({ title: 'Before' }), afterMs: pause.meta({ title: 'After' }) })
    .optional()
    .meta({ title: 'Pauses' }),
};
