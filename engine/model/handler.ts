import { z } from 'zod';
import { distributionSchema } from './distribution.ts';

export const httpMethodSchema = z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']);

/** An absolute request path, without the prefix that the engine keeps for itself. */
export const httpPathSchema = z
  .string()
  .regex(/^\/[^\s?#]*$/, 'must start with "/" and hold no space, "?" or "#"')
  .refine((path) => !path.startsWith('/-/'), 'paths under "/-/" are reserved for the engine');

/** One step of a handler. Steps of a route run one after the other. */
export const stepSchema = z.discriminatedUnion('do', [
  /** Holds the request's slot and uses no CPU, as waiting for something outside does. */
  z.strictObject({ do: z.literal('wait'), duration: distributionSchema }),
  /** Burns CPU time, and holds up everything else in the process for it. */
  z.strictObject({ do: z.literal('cpu'), duration: distributionSchema }),
  /** Burns a share of its duration, and waits for the rest. */
  z.strictObject({ do: z.literal('mixed'), duration: distributionSchema, cpuShare: z.number().min(0).max(1) }),
  z.strictObject({
    do: z.literal('query'),
    edge: z.string().min(1),
    sql: z.string().min(1),
    /** Values of $1, $2 …: texts in which `{name}` stands for a parameter of the request. */
    parameters: z.array(z.string()).default([]),
    /** Reads may go to a read replica, which may lag behind. Without one, the primary answers. */
    target: z.enum(['primary', 'replica']).default('primary'),
  }),
  z.strictObject({
    do: z.literal('call'),
    edge: z.string().min(1),
    method: httpMethodSchema.default('GET'),
    /** `{name}` stands for a parameter of the request. */
    path: httpPathSchema,
  }),
  /** A function of the user's own; see docs/handler-code.md. */
  z.strictObject({
    do: z.literal('code'),
    source: z.string().min(1).max(100_000).meta({
      title: 'Code',
      description: 'async (request, { call, query, state, random, require }) => what to answer',
      contentMediaType: 'text/javascript',
    }),
    timeoutMs: z.number().int().min(1).max(600_000).default(10_000),
  }),
]);

/** The code of a step runs only in documents that the user has trusted. */
export const codeOfSteps = (steps: readonly Step[], path: string): { path: string; text: string }[] =>
  steps.flatMap((step, index) => {
    const at = `${path}[${index}]`;
    if (step.do === 'code') return [{ path: `${at}.source`, text: step.source }];
    return 'steps' in step ? codeOfSteps(step.steps as Step[], `${at}.steps`) : [];
  });

export const routeSchema = z.strictObject({
  method: httpMethodSchema.default('GET'),
  /** Segments that start with ":" match any one segment. */
  path: httpPathSchema,
  steps: z.array(stepSchema).default([]),
});

export const moduleSchema = z.strictObject({ name: z.string().min(1).max(80), routes: z.array(routeSchema).min(1) });

export type Step = z.infer<typeof stepSchema>;
export type Route = z.infer<typeof routeSchema>;
export type ServerModule = z.infer<typeof moduleSchema>;
