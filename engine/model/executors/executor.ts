import type { z } from 'zod';
import type { Planned } from './plan.ts';

/** A way to send traffic, in the terms of k6 where k6 has it. */
export interface ExecutorDefinition<Schema extends z.ZodObject> {
  schema: Schema;
  planOf(source: z.output<Schema>): Planned;
}

export const defineExecutor = <Schema extends z.ZodObject>(
  definition: ExecutorDefinition<Schema>,
): ExecutorDefinition<Schema> => definition;
