import { z } from 'zod';
import { httpPathSchema } from '../../model/handler.ts';

/** How the cache loads keys of one form. */
export const readThroughSchema = z.strictObject({
  keys: z
    .string()
    .min(1)
    .max(1000)
    .meta({ title: 'Keys', description: 'Such as product:{id}: "{name}" stands for any characters but ":".' }),
  edge: z.string().min(1).meta({ title: 'Edge', description: 'Leads to what is behind the cache.' }),
  path: httpPathSchema.meta({
    title: 'Path',
    description: 'What is asked for by GET, such as /products/{id}. The answer is the value.',
  }),
  ttlMs: z.number().int().min(1).max(86_400_000).nullable().default(60_000).meta({
    title: 'Time to live (ms)',
    description: 'How long a value is kept after it was loaded. Empty: until it is evicted.',
  }),
  ttlJitter: z.number().min(0).max(1).default(0).meta({
    title: 'Jitter',
    description: 'Share by which each time to live is made shorter or longer, at random.',
  }),
  singleFlight: z.boolean().default(true).meta({
    title: 'Single-flight',
    description: 'Whoever asks for a key that is being loaded waits for that load.',
  }),
});

export type ReadThroughRule = z.output<typeof readThroughSchema>;
