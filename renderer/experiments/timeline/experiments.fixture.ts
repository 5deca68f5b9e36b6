import fc from 'fast-check';
import { z } from 'zod';
import { type Experiment, experimentSchema } from '../../../engine/model/experiment.ts';

/** Texts for every field that asks for a form of its own: each field draws from those that it takes. */
const texts = [
  ...['a', 'shop', 'first', 'GET /orders', '/health', '$.items[0]', 'value >= before', '^ok$', 'select 1'],
  ...['nodes.shop.cpu', 'v2', '42', 'http://127.0.0.1:80', '{"a":1}', 'ä “ü” 漢 \u2028', ' with  spaces '],
];
const MOST = 60_000;
const MANY = 3;

type Drawn = Record<string, fc.Arbitrary<unknown>>;

/** Whatever the schema takes, drawn from the schema itself: what is added to it is drawn from then on. */
function anyOf(schema: z.ZodType): fc.Arbitrary<unknown> {
  const takes = (value: unknown): boolean => schema.safeParse(value).success;
  if (schema instanceof z.ZodObject) {
    const shape = Object.entries(schema.shape as Record<string, z.ZodType>);
    const keys = shape.map(([key, inner]) => [key, anyOf(inner instanceof z.ZodOptional ? insideOf(inner) : inner)]);
    const requiredKeys = shape.filter(([, inner]) => !inner.isOptional()).map(([key]) => key);
    return fc.record(Object.fromEntries(keys) as Drawn, { requiredKeys }).filter(takes);
  }
  if (schema instanceof z.ZodUnion)
    return fc.oneof(...schema.options.map((option) => anyOf(option as z.ZodType))).filter(takes);
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return anyOf(insideOf(schema));
  if (schema instanceof z.ZodNullable) return fc.option(anyOf(insideOf(schema)));
  if (schema instanceof z.ZodArray)
    return [0, 1].some((length) => takes(Array(length).fill(undefined)))
      ? fc.array(anyOf(schema.element as z.ZodType), { maxLength: MANY })
      : fc.array(anyOf(schema.element as z.ZodType), { minLength: 1, maxLength: MANY }).filter(takes);
  if (schema instanceof z.ZodLiteral) return fc.constantFrom(...schema.values);
  if (schema instanceof z.ZodEnum) return fc.constantFrom(...(schema.options as string[]));
  if (schema instanceof z.ZodBoolean) return fc.boolean();
  if (schema instanceof z.ZodNull) return fc.constant(null);
  if (schema instanceof z.ZodRecord)
    return fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.jsonValue({ maxDepth: 2 }));
  if (schema instanceof z.ZodUnknown) return fc.jsonValue({ maxDepth: 2 });
  if (schema instanceof z.ZodString) return fc.constantFrom(...texts.filter(takes));
  if (schema instanceof z.ZodNumber) {
    const fraction = [0.001, 0.5, 0.99].filter(takes).map((value) => fc.constant(value));
    return fc.oneof(...fraction, fc.integer({ min: 0, max: 99 }), fc.integer({ min: 100, max: MOST })).filter(takes);
  }
  throw new Error(`The fixture does not know how to draw a ${schema.type}.`);
}

const insideOf = (schema: z.ZodOptional | z.ZodDefault | z.ZodPrefault | z.ZodNullable): z.ZodType =>
  schema.unwrap() as z.ZodType;

/** Any experiment that the schema takes, with all of its constructs; what it names need not exist. */
export const anyExperiment: fc.Arbitrary<Experiment> = anyOf(experimentSchema).map((written) =>
  // As it would come out of a file.
  experimentSchema.parse(JSON.parse(JSON.stringify(written))),
);
