import type { z } from 'zod';
import type { FaultDefinition } from '../model/definition.ts';

/** Checks a definition against its own schema at compile time and keeps its exact type. */
export const defineFault = <const Id extends string, Parameters extends z.ZodObject>(
  definition: FaultDefinition<Id, Parameters>,
): FaultDefinition<Id, Parameters> => definition;
