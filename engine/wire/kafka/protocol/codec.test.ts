import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Api } from './api.ts';
import { apis } from './apis.ts';
import { ProtocolError } from './errors.ts';
import { boolean, bytes, type Field, type Fields, int8, int16, int32, int64, records, string, uuid } from './fields.ts';
import { Reader } from './reader.ts';
import { includes, parseVersions } from './versions.ts';
import { Writer } from './writer.ts';

const isIn = (versions: string | undefined, version: number): boolean =>
  versions !== undefined && includes(parseVersions(versions), version);

const someBytes = fc.uint8Array({ maxLength: 20 }).map((each) => Buffer.from(each));
const primitives = new Map<unknown, fc.Arbitrary<unknown>>([
  [boolean.type, fc.boolean()],
  [int8.type, fc.integer({ min: -128, max: 127 })],
  [int16.type, fc.integer({ min: -32768, max: 32767 })],
  [int32.type, fc.integer()],
  [int64.type, fc.maxSafeInteger()],
  [uuid.type, fc.uint8Array({ minLength: 16, maxLength: 16 }).map((each) => Buffer.from(each).toString('hex'))],
  [string.type, fc.string({ unit: 'grapheme', maxLength: 10 })],
  [bytes.type, someBytes],
  [records.type, someBytes],
]);

/** Any message of a table in one version: what is not in that version has its default. */
function messages(fields: Fields, version: number): fc.Arbitrary<Record<string, unknown>> {
  const entries = Object.entries(fields).flatMap(([name, field]) =>
    isIn(field.versions, version) ? [[name, values(field, version)] as const] : [],
  );
  return fc.record(Object.fromEntries(entries)) as fc.Arbitrary<Record<string, unknown>>;
}

function values(field: Field, version: number): fc.Arbitrary<unknown> {
  const one = field.fields ? messages(field.fields, version) : (primitives.get(field.type) as fc.Arbitrary<unknown>);
  const value = field.isArray ? fc.array(one, { maxLength: 2 }) : one;
  return isIn(field.nullable, version) ? fc.option(value, { freq: 3 }) : value;
}

const written = (codec: ReturnType<Api['request']>, message: unknown): Buffer => {
  const writer = new Writer(16);
  codec.write(writer, message as never);
  const all = Buffer.concat(writer.finish());
  expect(writer.length).toBe(all.length);
  return all;
};

const every = Object.values(apis).flatMap((each) => {
  const api = each as unknown as Api;
  const [from, to] = api.versions;
  return Array.from({ length: to - from + 1 }, (_, i) => [api.name, from + i, api] as const);
});

test.each(every)('%s %i is read as it was written, request and answer', (_, version, api) => {
  for (const [codec, table] of [
    [api.request(version), api.tables.request],
    [api.response(version), api.tables.response],
  ] as const)
    fc.assert(
      fc.property(messages(table, version), (message) => {
        const reader = new Reader(written(codec, message));
        expect(codec.read(reader)).toMatchObject(message);
        expect(reader.remaining).toBe(0);
      }),
      { numRuns: 10 },
    );
});

test('whatever bytes come, they are a message or a ProtocolError', () => {
  fc.assert(
    fc.property(fc.constantFrom(...every), fc.uint8Array({ maxLength: 100 }), ([, version, api], noise) => {
      try {
        api.request(version).read(new Reader(Buffer.from(noise)));
      } catch (error) {
        expect(error).toBeInstanceOf(ProtocolError);
      }
    }),
    { numRuns: 3000 },
  );
});

test('a message that is cut short is never taken for a whole one that is longer', () => {
  fc.assert(
    fc.property(
      fc
        .constantFrom(...every)
        .chain(([, version, api]) =>
          fc.tuple(fc.constant(api), fc.constant(version), messages(api.tables.request, version), fc.nat(200)),
        ),
      ([api, version, message, cut]) => {
        const whole = written(api.request(version), message);
        if (cut >= whole.length) return;
        expect(() => api.request(version).read(new Reader(whole.subarray(0, cut)))).toThrow(ProtocolError);
      },
    ),
    { numRuns: 500 },
  );
});

test('the README has exactly these requests and versions', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const rows = [...readme.matchAll(/^\| (\w+) \| (\d+) \| ([\d–]+) \|$/gm)].map(([, ...cells]) => cells);
  expect(rows).toEqual(
    Object.values(apis)
      .map(({ name, key, versions: [from, to] }) => [name, String(key), from === to ? String(from) : `${from}–${to}`])
      .sort(([, a], [, b]) => Number(a) - Number(b)),
  );
});
