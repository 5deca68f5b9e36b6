import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { faults } from '../../../engine/faults/index.ts';
import { kinds } from '../../../engine/kinds/index.ts';
import { edgeConfigSchema } from '../../../engine/model/edge.ts';
import { experimentSchema } from '../../../engine/model/experiment.ts';
import { stepSchema } from '../../../engine/model/handler.ts';
import { scenarioSchema } from '../../../engine/model/scenario.ts';
import { sweepSchema } from '../../../engine/model/sweep.ts';
import { readEntries, writtenEntries } from './entries.ts';
import { type Field, fieldOf, variantLabel, variantOf } from './fields.ts';
import { initialObject, initialValue, startingValue } from './initial-value.ts';
import { labelOf, unitOf } from './labels.ts';
import { readNumbers, writtenNumbers } from './numbers.ts';
import { summaryOf } from './summary.ts';

const within = (field: Field, key: string): Field => {
  const found = field.type === 'object' ? field.fields.find((property) => property.key === key)?.field : undefined;
  if (!found) throw new Error(`no field ${key}`);
  return found;
};
const variants = (field: Field) => {
  if (field.type !== 'variants') throw new Error(`${field.type} has no variants`);
  return field;
};

describe('a form', () => {
  const schemas = [
    ...kinds.map((kind) => [kind.kind, kind.config] as const),
    ...faults.map((fault) => [fault.fault, fault.parameters] as const),
    ['an edge', edgeConfigSchema] as const,
  ];

  it.each(schemas)('of %s has a labelled field for each property, and none falls back to JSON', (_name, schema) => {
    const field = fieldOf(schema);
    if (field.type !== 'object') throw new Error('not an object');
    expect(field.fields.map(({ key }) => key)).toEqual(Object.keys(schema.shape));
    for (const { field: property } of field.fields) {
      expect(property.label).not.toBe('');
      expect(property.type).not.toBe('json');
    }
  });

  it('takes title, description, range, default and unit from the schema', () => {
    expect(within(fieldOf(edgeConfigSchema), 'timeoutMs')).toMatchObject({
      type: 'number',
      label: 'Timeout',
      help: expect.stringContaining('timeout'),
      min: 1,
      max: 600_000,
      integer: true,
      fallback: 2000,
      optional: true,
      unit: 'ms',
    });
  });

  it('shows long texts and SQL as several lines', () => {
    expect(within(fieldOf(scenarioSchema), 'description')).toMatchObject({ type: 'text', multiline: true });
    expect(within(fieldOf(scenarioSchema), 'name')).toMatchObject({ type: 'text', multiline: false });
    const step = variants(fieldOf(stepSchema));
    const query = step.variants[variantOf(step, { do: 'query' })] as Field;
    expect(within(query, 'sql')).toMatchObject({ multiline: true });
  });

  it('knows which variant a value is of', () => {
    const step = variants(fieldOf(stepSchema));
    expect(step.discriminator).toBe('do');
    const index = variantOf(step, { do: 'query', edge: 'x', sql: 'select 1' });
    expect(variantLabel(step, index)).toBe('Query');
    expect(variantLabel(step, variantOf(step, { do: 'cpu' }))).toBe('CPU');
    const method = within(fieldOf(experimentSchema), 'method');
    const target = variants(
      within(variants(method.type === 'list' ? method.item : method).variants[1] as Field, 'target'),
    );
    expect(target.discriminator).toBeNull();
    expect(variantOf(target, { edge: 'a-b' })).toBe(1);
    expect(variantLabel(target, 0)).toBe('Node');
  });

  it('starts a new entry with what the schema accepts, but for the names that only the user knows', () => {
    const [wait] = variants(fieldOf(stepSchema)).variants;
    expect(stepSchema.safeParse(initialValue(wait as Field)).error).toBeUndefined();
    const sources = within(fieldOf(scenarioSchema), 'traffic');
    const source = initialValue((sources as Extract<Field, { type: 'list' }>).item);
    expect(
      scenarioSchema.safeParse({ name: 'x', traffic: [{ ...(source as object), client: 'client' }] }).error,
    ).toBeUndefined();
  });

  it('keeps values of the same name when the variant changes', () => {
    const step = variants(fieldOf(stepSchema));
    const [, cpu] = step.variants;
    const duration = { type: 'fixed', valueMs: 7 };
    expect(initialObject(cpu as never, { do: 'wait', duration })).toEqual({ do: 'cpu', duration });
  });
});

describe('what need not be there', () => {
  const policies = ['retries', 'hedging', 'circuitBreaker', 'bulkhead', 'rateLimiter', 'fallback'] as const;
  const edge = fieldOf(edgeConfigSchema);

  it.each(policies)('%s is turned on and off, and starts with all its defaults written out', (key) => {
    const field = within(edge, key);
    expect(field).toMatchObject({ type: 'object', isSwitched: true, nullable: true, optional: true });
    expect(field.label).not.toBe('');
    const started = edgeConfigSchema.parse({ [key]: startingValue(field) });
    expect(started[key]).toEqual(startingValue(field));
    expect(edgeConfigSchema.parse({ [key]: {} })[key]).toEqual(started[key]);
  });

  it('is not turned on where the field is always there', () => {
    expect(within(edge, 'timeoutMs').isSwitched).toBe(false);
    expect(within(within(edge, 'retries'), 'backoff')).toMatchObject({ type: 'variants', isSwitched: false });
    expect(within(within(edge, 'retries'), 'budget')).toMatchObject({ type: 'object', isSwitched: true });
  });

  it('may be a number, which is empty then', () => {
    expect(within(edge, 'deadlineMs')).toMatchObject({ type: 'number', nullable: true, unit: 'ms', min: 1 });
  });

  it('may be a choice of several words out of a fixed set', () => {
    expect(within(within(edge, 'retries'), 'on')).toMatchObject({
      type: 'choices',
      options: expect.arrayContaining(['refused', 'timeout', 'shed']),
      fallback: ['refused', 'reset', 'timeout'],
    });
  });

  it('keeps the name of one of several forms', () => {
    const schema = z.strictObject({
      shape: z
        .discriminatedUnion('type', [z.strictObject({ type: z.literal('round') })])
        .nullable()
        .meta({ title: 'Shape' }),
    });
    expect(within(fieldOf(schema), 'shape')).toMatchObject({ type: 'variants', label: 'Shape', isSwitched: true });
    expect(startingValue(within(fieldOf(schema), 'shape'))).toEqual({ type: 'round' });
  });
});

describe('numbers', () => {
  it('are written in one line, and read back', () => {
    expect(readNumbers('1, 2 4;8.5\n')).toEqual([1, 2, 4, 8.5]);
    expect(readNumbers('')).toEqual([]);
    expect(readNumbers('1, two')).toBeNull();
    expect(readNumbers(writtenNumbers([10, 0.5, 3]))).toEqual([10, 0.5, 3]);
  });

  it.each(sweepSchema.options)('of a sweep, and all else of it, have a field', (schema) => {
    const field = fieldOf(schema);
    if (field.type !== 'object') throw new Error('not an object');
    expect(field.fields.filter(({ field: property }) => property.type === 'json')).toEqual([]);
    const rates = field.fields.filter(({ key }) => ['replicas', 'timeoutsMs', 'attempts', 'ratesPerSec'].includes(key));
    expect(rates.every(({ field: property }) => property.type === 'numbers')).toBe(true);
  });
});

describe('names with texts', () => {
  it('are written one in a line, and read back', () => {
    const environment = { LANG: 'C', QUERY: 'a=b', EMPTY: '' };
    expect(readEntries(writtenEntries(environment))).toEqual(environment);
    expect(readEntries('\n A=1 \n\n')).toEqual({ A: '1 ' });
    expect(readEntries('A=1\nB')).toBeNull();
    expect(readEntries('=1')).toBeNull();
    expect(fieldOf(z.strictObject({ environment: z.record(z.string(), z.string()).default({}) }))).toMatchObject({
      fields: [{ key: 'environment', field: { type: 'entries', label: 'Environment' } }],
    });
  });
});

describe('names', () => {
  it('become labels and units', () => {
    expect(labelOf('gracefulStopMs')).toBe('Graceful stop');
    expect(labelOf('least-connections')).toBe('Least connections');
    expect(labelOf('setupSql')).toBe('Setup SQL');
    expect(unitOf('ratePerSec')).toBe('/s');
    expect(unitOf('items')).toBeNull();
  });

  it('of list entries are short and tell', () => {
    expect(summaryOf({ method: 'POST', path: '/orders', steps: [] })).toBe('POST /orders');
    expect(summaryOf({ name: 'users', routes: [] })).toBe('users');
    expect(summaryOf({ do: 'wait', duration: { type: 'fixed', valueMs: 5 } })).toBe('wait · fixed · 5 ms');
    expect(summaryOf({})).toBe('empty');
  });
});
