import { z } from 'zod';
import type { DocumentError } from '../../model/definition.ts';

/** A name in PostgreSQL, as it is there; 63 bytes are its limit. */
const nameSchema = z.string().min(1).max(63);

const number = z.number().min(-1e15).max(1e15);

/** How the values of one column of generated rows are made. The same seed gives the same values. */
export const columnGeneratorSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('sequence'),
    start: z.number().int().min(-1e15).max(1e15).default(1).meta({ title: 'Start', description: 'Of the first row.' }),
    step: z.number().int().min(-1e9).max(1e9).default(1).meta({ title: 'Step', description: 'From row to row.' }),
  }),
  z.strictObject({
    type: z.literal('integer'),
    min: z.number().int().min(-1e15).max(1e15).default(1).meta({ title: 'Min', description: 'The smallest value.' }),
    max: z.number().int().min(-1e15).max(1e15).default(100).meta({ title: 'Max', description: 'The largest value.' }),
  }),
  z.strictObject({
    type: z.literal('decimal'),
    min: number.default(0).meta({ title: 'Min', description: 'The smallest value.' }),
    max: number.default(100).meta({ title: 'Max', description: 'The largest value.' }),
    digits: z.number().int().min(0).max(12).default(2).meta({
      title: 'Digits',
      description: 'After the decimal point.',
    }),
  }),
  z.strictObject({
    type: z.literal('text'),
    template: z.string().max(10_000).default('row {n}').meta({
      title: 'Template',
      description: '{n} stands for the number of the row, from 1; {random} for eight random hexadecimal digits.',
    }),
  }),
  z.strictObject({
    type: z.literal('choice'),
    values: z.array(z.string().max(1000)).min(1).max(1000).default(['new']).meta({
      title: 'Values',
      description: 'One of them, each as likely as the others.',
    }),
  }),
  z.strictObject({
    type: z.literal('boolean'),
    share: z.number().min(0).max(1).default(0.5).meta({ title: 'Share', description: 'Of rows that are true.' }),
  }),
  z.strictObject({
    type: z.literal('timestamp'),
    from: z.iso.date().default('2026-01-01').meta({ title: 'From', description: 'The first day, in UTC.' }),
    to: z.iso.date().default('2026-12-31').meta({ title: 'To', description: 'The last day, in UTC.' }),
  }),
  z.strictObject({ type: z.literal('uuid') }),
]);

export const generatedRowsSchema = z.strictObject({
  type: z.literal('rows'),
  table: nameSchema.meta({ title: 'Table', description: 'Which the schema has made.' }),
  count: z.number().int().min(1).max(5_000_000).default(1000).meta({ title: 'Count', description: 'How many rows.' }),
  randomSeed: z.number().int().min(0).max(2_147_483_647).default(1).meta({
    title: 'Random seed',
    description: 'The same number gives the same rows.',
  }),
  columns: z
    .array(
      z.strictObject({
        name: nameSchema.meta({ title: 'Column', description: 'Columns that are not named get their default.' }),
        value: columnGeneratorSchema.meta({ title: 'Value', description: 'How its values are made.' }),
      }),
    )
    .min(1)
    .max(200)
    .meta({ title: 'Columns', description: 'Which get generated values.' }),
});

/** One part of what a database holds when it starts. */
export const seedSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('sql'),
    sql: z.string().min(1).max(1_000_000).meta({ title: 'SQL', description: 'Statements that insert rows.' }),
  }),
  generatedRowsSchema,
]);

export type Seed = z.output<typeof seedSchema>;
export type GeneratedRows = z.output<typeof generatedRowsSchema>;
export type ColumnGenerator = z.output<typeof columnGeneratorSchema>;

/** What the schema cannot say. Paths are relative to the config. */
export const checkSeed = (seed: readonly Seed[]): DocumentError[] =>
  seed.flatMap((part, index) =>
    part.type === 'rows'
      ? part.columns.flatMap(({ name, value }, column) => {
          const path = `seed[${index}].columns[${column}]`;
          const isTwice = part.columns.findIndex((other) => other.name === name) < column;
          return [
            ...(isTwice
              ? [{ path: `${path}.name`, message: `column "${name}" is there twice`, nextStep: 'Remove one of them.' }]
              : []),
            ...checkRange(value, `${path}.value`),
          ];
        })
      : [],
  );

function checkRange(value: ColumnGenerator, path: string): DocumentError[] {
  if ('min' in value && value.min > value.max)
    return [
      { path: `${path}.max`, message: `${value.max} is less than min, ${value.min}`, nextStep: 'Make it larger.' },
    ];
  if (value.type === 'timestamp' && value.from > value.to)
    return [{ path: `${path}.to`, message: `${value.to} is before ${value.from}`, nextStep: 'Choose a later day.' }];
  return [];
}
