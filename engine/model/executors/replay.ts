import { z } from 'zod';
import { httpMethodSchema, httpPathSchema } from '../handler.ts';
import { traceOf } from '../trace.ts';
import { defineExecutor } from './executor.ts';
import { durationField, sourceFields } from './fields.ts';

const MAX_INLINE_ARRIVALS = 10_000;

export const arrivalSchema = z.strictObject({
  atMs: z.number().min(0).max(86_400_000),
  method: httpMethodSchema.default('GET'),
  path: httpPathSchema,
  bodyBytes: z.number().int().min(0).max(16_777_216).default(0),
});

/** An open model: the arrivals of a trace, again. Each belongs to the first route whose method and path it has. */
export const replay = defineExecutor({
  schema: z
    .strictObject({
      executor: z.literal('replay'),
      ...sourceFields,
      durationMs: durationField,
      speed: z.number().min(0.001).max(1000).default(1).meta({
        title: 'Speed',
        description: '2: twice as fast as it was recorded.',
      }),
      trace: z.discriminatedUnion('from', [
        z.strictObject({
          from: z.literal('file'),
          path: z.string().min(1).max(1000).meta({
            title: 'File',
            description:
              'One JSON object on each line: atMs, method, path, bodyBytes. From the directory of the document.',
          }),
        }),
        z.strictObject({
          from: z.literal('document'),
          arrivals: z.array(arrivalSchema).min(1).max(MAX_INLINE_ARRIVALS),
        }),
      ]),
    })
    .meta({ title: 'Replay' }),
  /** A trace in a file must have been read before. */
  planOf({ routes, trace, speed, durationMs = null }) {
    const arrivals = trace.from === 'document' ? traceOf(trace.arrivals, routes, speed).arrivals : [];
    const lastMs = arrivals[arrivals.length - 1]?.[0] ?? 0;
    // The last arrival is still before the end.
    return {
      plan: { type: 'trace', arrivals },
      durationMs: Math.min(durationMs ?? Number.POSITIVE_INFINITY, lastMs + 1),
    };
  },
});
