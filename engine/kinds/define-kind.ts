import type { z } from 'zod';
import type { KindDefinition } from '../model/definition.ts';

/** Checks a definition against its own schema at compile time and keeps its exact type. */
export const defineKind = <const Kind extends string, Config extends z.ZodObject>(
  definition: KindDefinition<Kind, Config>,
): KindDefinition<Kind, Config> => definition;
