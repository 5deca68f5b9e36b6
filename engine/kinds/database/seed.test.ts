import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { node } from '../../api/fixtures.ts';
import { catalogue } from '../../catalogue.ts';
import { parseDocument } from '../../model/parse.ts';
import type { databaseDefinition } from './definition.ts';
import { createTestDatabase, databaseConfig, type TestDatabase } from './fixtures/database.ts';
import { fillDatabase } from './set-up.ts';

type Config = z.input<typeof databaseDefinition.config>;
type Read = (sql: string) => Promise<unknown[][]>;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.start();
  await database.launch.setUp();
});
afterAll(() => database.end());

/** An empty database, as at a start. */
async function empty(): Promise<Read> {
  const client = await database.connect();
  await client.query('drop schema public cascade; create schema public');
  return async (text) => (await client.query({ text, rowMode: 'array' })).rows;
}

async function fill(config: Config): Promise<void> {
  const { port, login } = database.launch;
  if (!login) throw new Error('no login');
  const signal = new AbortController().signal;
  await fillDatabase({ address: { host: '127.0.0.1', port }, login, config: databaseConfig(config), signal });
}

const people = 'create table people (id int primary key, name varchar(40), age smallint, mail text default $$none$$)';
const generated = (columns: unknown[], more: Record<string, unknown> = {}) =>
  ({ type: 'rows', table: 'people', count: 1000, columns, ...more }) as NonNullable<Config['seed']>[number];
const column = (name: string, type: string, more: Record<string, unknown> = {}) => ({ name, value: { type, ...more } });

describe('schema, set-up SQL and seed', () => {
  it('run in this order', async () => {
    const read = await empty();
    await fill({
      schema: people,
      setupSql: "insert into people values (1, 'Ada', 36)",
      seed: [
        { type: 'sql', sql: 'update people set age = age + 1' },
        generated([column('id', 'sequence', { start: 2 }), column('name', 'text', { template: 'Person {n}' })], {
          count: 2,
        }),
      ],
    });
    expect(await read('select * from people order by id')).toEqual([
      [1, 'Ada', 37, 'none'],
      [2, 'Person 1', null, 'none'],
      [3, 'Person 2', null, 'none'],
    ]);
  });

  it('are all or nothing; an error says in which of them, at which statement and line', async () => {
    const read = await empty();
    const fails = (config: Config, message: RegExp) =>
      expect(fill(config)).rejects.toMatchObject({ code: 'start-failed', message: expect.stringMatching(message) });
    await fails(
      { schema: people, setupSql: '-- people\nselect 1;\ninsert into people\n  values (1), (1)' },
      /^the set-up SQL fails in statement 2, at line 3: duplicate key .*\nKey \(id\)=\(1\) already exists/s,
    );
    await fails(
      { schema: 'create table a ();\n\ncreate tabel b ()' },
      /^the schema fails in statement 2, at line 3, column 8:/,
    );
    await fails(
      {
        schema: people,
        seed: [
          { type: 'sql', sql: 'select 1' },
          { type: 'sql', sql: 'select 1/0' },
        ],
      },
      /^the SQL of seed 2 fails in statement 1, at line 1: division by zero \(SQLSTATE 22012\)$/,
    );
    await fails({ seed: [generated([column('id', 'sequence')])] }, /^seed 1 fails: there is no table "people"$/);
    await fails(
      { schema: people, seed: [generated([column('id', 'sequence'), column('nmae', 'text'), column('x', 'uuid')])] },
      /^seed 1 fails: table "people" has no column "nmae", "x"$/,
    );
    await fails(
      { schema: people, seed: [generated([column('id', 'integer', { min: 1, max: 5 })])] },
      /^seed 1 fails: 1000 rows of "people": duplicate key/,
    );
    expect(await read("select to_regclass('people')")).toEqual([[null]]);
  });
});

describe('generated rows', () => {
  const schema = `create table all_kinds (n int, i bigint, d numeric(8,2), f real, t varchar(60), c text, b boolean,
    at timestamptz, day date, u uuid, json jsonb)`;
  const seed = (randomSeed: number) => [
    generated(
      [
        column('n', 'sequence', { start: 10, step: 5 }),
        column('i', 'integer', { min: -3, max: 3 }),
        column('d', 'decimal', { min: 0, max: 9.5, digits: 2 }),
        column('f', 'decimal', { min: 1, max: 2, digits: 6 }),
        column('t', 'text', { template: "it's {n}: {random}-{random}" }),
        column('c', 'choice', { values: ['new', 'paid', "o'clock"] }),
        column('b', 'boolean', { share: 0.25 }),
        column('at', 'timestamp', { from: '2026-02-28', to: '2026-02-28' }),
        column('day', 'timestamp', { from: '2026-01-01', to: '2026-12-31' }),
        column('u', 'uuid'),
        column('json', 'choice', { values: ['{"a": 1}', '[]'] }),
      ],
      { table: 'all_kinds', count: 20_000, randomSeed },
    ),
  ];

  it('have values as their columns ask for', async () => {
    const read = await empty();
    await fill({ schema, seed: seed(7) });
    const [[first, last, ...more] = []] =
      await read(`select min(n), max(n), min(i), max(i), min(d), max(d), min(f) >= 1, max(f) <= 2,
      bool_and(t ~ '^it''s [0-9]+: [0-9a-f]{8}-[0-9a-f]{8}$'), count(distinct c)::int, count(distinct u)::int,
      bool_and(at >= '2026-02-28 00:00Z' and at < '2026-03-01 00:00Z'), count(distinct day)::int,
      bool_and(u::text ~ '^.{8}-.{4}-4.{3}-8.{3}-.{12}$'), count(distinct json)::int from all_kinds`);
    expect([first, last]).toEqual([10, 10 + 5 * 19_999]);
    expect(more).toEqual(['-3', '3', '0.00', '9.50', true, true, true, 3, 20_000, true, 365, true, 2]);
  });

  it('are spread evenly, and independently of each other', async () => {
    const read = await empty();
    await fill({ schema, seed: seed(7) });
    // Chi-square of 7 × 3 cells against equal shares, 20 degrees of freedom: 45.3 is the bound of 0.1 %, and the seed is fixed.
    const cells = await read('select count(*)::int from all_kinds group by i, c');
    const expected = 20_000 / 21;
    expect(cells).toHaveLength(21);
    const chiSquare = cells.reduce((sum, [count]) => sum + ((count as number) - expected) ** 2 / expected, 0);
    expect(chiSquare).toBeLessThan(45.3);
    const [[yes] = []] = await read('select avg(b::int)::float8 from all_kinds');
    expect(yes).toBeCloseTo(0.25, 1);
  });

  it('are the same for the same random seed, and others for another', async () => {
    const digests: unknown[] = [];
    for (const randomSeed of [1, 1, 2]) {
      const read = await empty();
      await fill({ schema, seed: seed(randomSeed) });
      digests.push((await read("select md5(string_agg(all_kinds::text, ',' order by n)) from all_kinds"))[0]?.[0]);
    }
    expect(digests[1]).toBe(digests[0]);
    expect(digests[2]).not.toBe(digests[0]);
  });
});

it('what cannot be is told all at once, with its place', () => {
  const config = {
    url: 'postgres://me@localhost/db',
    readReplicas: 2,
    seed: [
      generated([column('id', 'integer', { min: 5, max: 1 }), column('id', 'sequence')]),
      generated([column('at', 'timestamp', { from: '2026-02-01', to: '2026-01-01' })]),
    ],
  };
  const parsed = parseDocument({ format: 1, name: 'test', nodes: [node('db', 'database', config)] }, catalogue);
  if (parsed.ok) throw new Error('it was taken');
  expect(parsed.errors.map(({ path }) => path)).toEqual([
    '$.nodes[0].config.readReplicas',
    '$.nodes[0].config.seed[0].columns[0].value.max',
    '$.nodes[0].config.seed[0].columns[1].name',
    '$.nodes[0].config.seed[1].columns[0].value.to',
  ]);
});
