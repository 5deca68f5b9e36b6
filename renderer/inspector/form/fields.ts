import { z } from 'zod';
import { labelOf, unitOf } from './labels.ts';

interface Described {
  label: string;
  help: string | null;
  /** A value that the schema fills in when the field is left out. */
  fallback: unknown;
  /** Whether the field may be left out. */
  optional: boolean;
  /** Whether null is a value, which means none. */
  nullable: boolean;
  /** An object that may be there or not: it is turned on and off. */
  isSwitched: boolean;
}

/** What a form needs to know of a schema. Derived, so that a new kind or fault brings its form along. */
export type Field = Described &
  (
    | {
        type: 'number';
        min: number | null;
        max: number | null;
        integer: boolean;
        unit: string | null;
        /** What a new value may begin with. */
        example: number | null;
      }
    | { type: 'text'; multiline: boolean; code: 'handler' | 'module' | null; pattern: string | null; minLength: number }
    | { type: 'choice'; options: string[] }
    | { type: 'boolean' }
    | { type: 'constant'; value: unknown }
    | { type: 'object'; fields: { key: string; field: Field }[] }
    | { type: 'list'; item: Field; minItems: number }
    /** Names with a text each. */
    | { type: 'entries' }
    /** A list of numbers, written in one line. */
    | { type: 'numbers'; minItems: number }
    /** A list of words out of a fixed set. */
    | { type: 'choices'; options: string[] }
    /** One of several objects; `discriminator` is the key whose constant tells them apart, or null. */
    | { type: 'variants'; discriminator: string | null; variants: ObjectField[] }
    | { type: 'json' }
  );

export type ObjectField = Extract<Field, { type: 'object' }>;

type JsonSchema = z.core.JSONSchema.BaseSchema;

const LONG_TEXT = 1000;
const known = new WeakMap<z.ZodType, Field>();

/** The form of a schema's input. */
export function fieldOf(schema: z.ZodType): Field {
  let field = known.get(schema);
  if (!field) {
    field = derive('', z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }), true);
    known.set(schema, field);
  }
  return field;
}

function derive(key: string, schema: JsonSchema, required: boolean): Field {
  const described: Described = {
    label: schema.title ?? labelOf(key),
    help: schema.description ?? null,
    fallback: schema.default,
    optional: !required || schema.default !== undefined,
    nullable: false,
    isSwitched: false,
  };
  if (schema.const !== undefined) return { ...described, type: 'constant', value: schema.const };
  if (schema.enum) return { ...described, type: 'choice', options: schema.enum.map(String) };
  const union = (schema.oneOf ?? schema.anyOf) as JsonSchema[] | undefined;
  const present = union?.filter(({ type }) => type !== 'null');
  if (union && present && present.length < union.length) return deriveNullable(key, described, present);
  if (union) return switchable(deriveUnion(described, union));
  switch (schema.type) {
    case 'number':
    case 'integer':
      return {
        ...described,
        type: 'number',
        min: bound(schema.minimum ?? schema.exclusiveMinimum),
        max: bound(schema.maximum ?? schema.exclusiveMaximum),
        integer: schema.type === 'integer',
        unit: unitOf(key),
        example: exampleOf(schema),
      };
    case 'string':
      return {
        ...described,
        type: 'text',
        multiline: (schema.maxLength ?? 0) >= LONG_TEXT || /sql$/i.test(key),
        code: codeIn(schema),
        pattern: schema.pattern ?? null,
        minLength: schema.minLength ?? 0,
      };
    case 'boolean':
      return { ...described, type: 'boolean' };
    case 'array': {
      const words = (schema.items as JsonSchema).enum;
      if (words) return { ...described, type: 'choices', options: words.map(String) };
      const { type } = schema.items as JsonSchema;
      if (type === 'number' || type === 'integer')
        return { ...described, type: 'numbers', minItems: schema.minItems ?? 0 };
      return {
        ...described,
        type: 'list',
        item: derive(key.replace(/s$/, ''), schema.items as JsonSchema, true),
        minItems: schema.minItems ?? 0,
      };
    }
    case 'object':
      if ((schema.additionalProperties as JsonSchema | undefined)?.type === 'string')
        return { ...described, type: 'entries' };
      if (schema.properties) return switchable(deriveObject(described, schema));
  }
  return { ...described, type: 'json' };
}

/** What a text in JavaScript is: a function, or a whole module. */
function codeIn(schema: JsonSchema): 'handler' | 'module' | null {
  const { contentMediaType } = schema as { contentMediaType?: string };
  if (contentMediaType === 'text/javascript') return 'handler';
  return contentMediaType === 'text/javascript;goal=module' ? 'module' : null;
}

function deriveObject(described: Described, schema: JsonSchema): ObjectField {
  const required = new Set(schema.required);
  const fields = Object.entries(schema.properties ?? {}).map(([key, property]) => ({
    key,
    field: derive(key, property as JsonSchema, required.has(key)),
  }));
  return { ...described, type: 'object', fields };
}

/** What it is when it is there, named as what may be null. */
function deriveNullable(key: string, described: Described, present: JsonSchema[]): Field {
  const [only, ...others] = present;
  const field = only && others.length === 0 ? derive(key, only, true) : deriveUnion(described, present);
  const { label, help, fallback, optional } = described;
  return switchable({ ...field, label, help: help ?? field.help, fallback, optional, nullable: true });
}

const switchable = (field: Field): Field =>
  field.type === 'object' || field.type === 'variants'
    ? { ...field, isSwitched: field.nullable || (field.optional && field.fallback === undefined) }
    : field;

function deriveUnion(described: Described, union: JsonSchema[]): Field {
  const options = union.map((option) => derive('', option, true));
  const variants = options.filter((option): option is ObjectField => option.type === 'object');
  if (variants.length !== options.length) return { ...described, type: 'json' };
  const discriminator = variants[0]?.fields.find(({ key }) =>
    variants.every((variant) =>
      variant.fields.some((property) => property.key === key && property.field.type === 'constant'),
    ),
  );
  return { ...described, type: 'variants', discriminator: discriminator?.key ?? null, variants };
}

const exampleOf = ({ examples }: JsonSchema): number | null =>
  Array.isArray(examples) && typeof examples[0] === 'number' ? examples[0] : null;

/** JSON Schema writes "any safe integer" as bounds; a form shows none then. */
const bound = (value: number | boolean | undefined): number | null =>
  typeof value !== 'number' || Math.abs(value) >= Number.MAX_SAFE_INTEGER ? null : value;

/** Index of the variant that a value is of; 0 when it is of none. */
export function variantOf(field: Extract<Field, { type: 'variants' }>, value: unknown): number {
  const object = (value ?? {}) as Record<string, unknown>;
  const { discriminator } = field;
  const found = field.variants.findIndex((variant) =>
    discriminator
      ? constantAt(variant, discriminator) === object[discriminator]
      : variant.fields.some(({ key, field: property }) => !property.optional && key in object),
  );
  return Math.max(0, found);
}

export function variantLabel(field: Extract<Field, { type: 'variants' }>, index: number): string {
  const variant = field.variants[index];
  if (!variant) return '';
  if (field.discriminator) return variant.label || labelOf(String(constantAt(variant, field.discriminator)));
  return variant.fields.find((property) => !property.field.optional)?.field.label ?? variant.label;
}

function constantAt(variant: ObjectField, key: string): unknown {
  const property = variant.fields.find((candidate) => candidate.key === key)?.field;
  return property?.type === 'constant' ? property.value : undefined;
}
