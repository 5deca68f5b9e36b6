import type { Client } from 'pg';
import { ArchipelError } from '../../model/error.ts';
import type { ColumnGenerator, GeneratedRows } from './seed-schema.ts';
import { isSqlError } from './sql-failure.ts';

/** Inserts generated rows: made inside PostgreSQL, in one statement, so that a million of them take seconds. */
export async function insertRows(client: Client, rows: GeneratedRows, part: string): Promise<void> {
  const types = await columnTypes(client, rows.table);
  if (!types) throw wrongRows(part, `there is no table "${rows.table}"`, 'Make it in the schema, or mend its name.');
  const unknown = rows.columns.filter(({ name }) => !types.has(name)).map(({ name }) => `"${name}"`);
  if (unknown.length > 0)
    throw wrongRows(
      part,
      `table "${rows.table}" has no column ${unknown.join(', ')}`,
      `It has ${[...types.keys()].map((name) => `"${name}"`).join(', ')}.`,
    );
  const columns = rows.columns.map(({ name, value }, index) => {
    const uniform = uniformOf(rows.randomSeed, index);
    return { name: client.escapeIdentifier(name), sql: `(${valueSql(client, value, uniform)})::${types.get(name)}` };
  });
  const sql = [
    `insert into ${client.escapeIdentifier(rows.table)} (${columns.map(({ name }) => name).join(', ')})`,
    `select ${columns.map((column) => column.sql).join(', ')} from generate_series(1::bigint, ${rows.count}) n`,
  ].join('\n');
  try {
    await client.query(sql);
  } catch (error) {
    if (!isSqlError(error)) throw error;
    const detail = error.detail ? ` (${error.detail})` : '';
    throw wrongRows(
      part,
      `${rows.count} rows of "${rows.table}": ${error.message}${detail} (SQLSTATE ${error.code})`,
      'Mend its columns.',
      error,
    );
  }
}

/** The columns of a table that the search path finds, each with its type as PostgreSQL writes it. Null: no such table. */
async function columnTypes(client: Client, table: string): Promise<Map<string, string> | null> {
  const { rows } = await client.query<{ name: string; type: string }>(
    `select attname as name, format_type(atttypid, atttypmod) as type from pg_attribute
     where attrelid = to_regclass($1) and attnum > 0 and not attisdropped order by attnum`,
    [client.escapeIdentifier(table)],
  );
  return rows.length > 0 ? new Map(rows.map(({ name, type }) => [name, type])) : null;
}

/**
 * Uniform in [0, 1) for row `n`: 53 bits of PostgreSQL's seeded hash of the number, hashed twice since once leaves columns
 * that depend on each other. Each column and each use draws its own, so that one more column changes no other.
 */
const uniformOf =
  (randomSeed: number, column: number) =>
  (draw: number): string =>
    `((${hash(randomSeed, column, draw)} & 9007199254740991)::float8 / 9007199254740992)`;

function hash(randomSeed: number, column: number, draw: number): string {
  const seed = BigInt(randomSeed) * 1_000_000n + BigInt(column * 1000 + draw);
  return `hashint8extended(hashint8extended(n, ${seed}), ${seed})`;
}

function valueSql(client: Client, generator: ColumnGenerator, uniform: (draw: number) => string): string {
  const between = (min: number, width: number): string => `${min} + ${uniform(0)} * ${width}`;
  switch (generator.type) {
    case 'sequence':
      return `${generator.start} + (n - 1) * ${generator.step}`;
    case 'integer':
      return `floor(${between(generator.min, generator.max - generator.min + 1)})::bigint`;
    case 'decimal':
      return `round((${between(generator.min, generator.max - generator.min)})::numeric, ${generator.digits})`;
    case 'text':
      return textSql(client, generator.template, uniform);
    case 'choice': {
      const values = generator.values.map((value) => client.escapeLiteral(value)).join(', ');
      return `(array[${values}])[1 + floor(${uniform(0)} * ${generator.values.length})::int]`;
    }
    case 'boolean':
      return `${uniform(0)} < ${generator.share}`;
    case 'timestamp': {
      const [from, to] = [generator.from, generator.to].map((day) => `timestamptz '${day} 00:00:00+00'`);
      return `${from} + ${uniform(0)} * (${to} + interval '1 day' - ${from})`;
    }
    case 'uuid': {
      // Random but for its version and variant (RFC 9562, version 4).
      const hex = [0, 1, 2, 3].map((draw) => hexOf(uniform(draw))).join(' || ');
      return `overlay(overlay(${hex} placing '4' from 13) placing '8' from 17)`;
    }
  }
}

/** Eight hexadecimal digits. */
const hexOf = (uniform: string): string => `lpad(to_hex(floor(${uniform} * 4294967296)::bigint), 8, '0')`;

function textSql(client: Client, template: string, uniform: (draw: number) => string): string {
  let draw = 0;
  const parts = template.split(/(\{n\}|\{random\})/).map((part) => {
    if (part === '{n}') return 'n::text';
    if (part === '{random}') return hexOf(uniform(draw++));
    return `${client.escapeLiteral(part)}::text`;
  });
  return parts.join(' || ');
}

function wrongRows(part: string, message: string, nextStep: string, cause?: unknown): ArchipelError {
  return new ArchipelError('start-failed', `${part} fails: ${message}`, nextStep, { cause });
}
