import { z } from 'zod';

const scalarSchema = z.union([z.string().max(2000), z.number(), z.boolean(), z.null()]);

const lowerSchema = z.number().optional().meta({ title: 'At least' });
const upperSchema = z.number().optional().meta({ title: 'At most' });

/** Bounds, both inclusive. Ratios are 0 to 1, latencies milliseconds, throughputs successful requests per second. */
const rangeSchema = z
  .strictObject({ min: lowerSchema, max: upperSchema })
  .refine((tolerance) => tolerance.min !== undefined || tolerance.max !== undefined, 'needs "min", "max" or both')
  .refine(
    (tolerance) => tolerance.min === undefined || tolerance.max === undefined || tolerance.min <= tolerance.max,
    '"min" must not exceed "max"',
  )
  .meta({ title: 'Range' });

const equalsSchema = z.strictObject({
  equals: scalarSchema.meta({ title: 'Equals', description: 'The value is exactly this.' }),
});

const oneOfSchema = z.strictObject({
  oneOf: z.array(scalarSchema).min(1).max(100).meta({ title: 'One of', description: 'The value is one of these.' }),
});

const regexSchema = z.strictObject({
  regex: z
    .string()
    .min(1)
    .max(1000)
    .meta({ title: 'Matches', description: 'A regular expression that the value, as text, matches somewhere.' }),
});

const jsonPathSchema = z.strictObject({
  jsonPath: z
    .string()
    .min(1)
    .max(1000)
    .meta({ title: 'JSONPath', description: 'As in RFC 9535. Without what follows it must find something.' }),
  expect: z
    .unknown()
    .optional()
    .meta({ title: 'Finds', description: 'What it must find: this one value, or exactly these if it is a list.' }),
  count: z.number().int().min(0).optional().meta({ title: 'Count', description: 'How many values it must find.' }),
});

const expressionSchema = z.strictObject({
  expression: z.string().min(1).max(1000).meta({
    title: 'Expression',
    description:
      'True when it holds, such as `value >= before && value < 2 * traffic.ok`. It can compute, and nothing else.',
  }),
});

/** What an expression knows: the value, the one at the end of the steady state, and the requests so far. */
export const expressionNames = ['value', 'before', 'traffic', 'routes'] as const;

/** What a probe's value must be. */
export const toleranceSchema = z.union([
  rangeSchema,
  equalsSchema,
  oneOfSchema,
  regexSchema,
  jsonPathSchema,
  expressionSchema,
]);

/** Bounds of a number. */
export type Range = z.infer<typeof rangeSchema>;
export type Tolerance = z.infer<typeof toleranceSchema>;

/** The bounds of a tolerance; none where it is no range. */
export const boundsOf = (tolerance: Tolerance): Range =>
  'min' in tolerance || 'max' in tolerance ? (tolerance as Range) : {};
