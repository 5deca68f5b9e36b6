import type { DatabaseError } from 'pg';
import { ArchipelError } from '../../model/error.ts';
import { SUPERUSER, scramSettings } from './cluster.ts';
import { type Address, connect, type Login } from './connection.ts';

/**
 * Gives a new cluster the database that the topology uses, and an owner for it who is no superuser:
 * SQL of a document must not run programs or read files.
 */
export async function createDatabase(options: {
  address: Address;
  superuserPassword: string;
  login: Login;
  signal: AbortSignal;
}): Promise<void> {
  const { login } = options;
  const superuser = { user: SUPERUSER, password: options.superuserPassword, database: 'template1' };
  const { client } = await connect(options.address, superuser, options.signal);
  try {
    // Each on its own, and again after a failure: a set-up that failed may be tried again.
    const { rowCount: owners } = await client.query('select from pg_roles where rolname = $1', [login.user]);
    if (!owners) {
      for (const setting of scramSettings) await client.query(`set ${setting.replace('=', " = '")}'`);
      await client.query(
        `create role ${client.escapeIdentifier(login.user)} login password ${client.escapeLiteral(login.password)}`,
      );
    }
    const { rowCount: databases } = await client.query('select from pg_database where datname = $1', [login.database]);
    if (!databases) await client.query(`alter database postgres rename to ${client.escapeIdentifier(login.database)}`);
    await client.query(
      `alter database ${client.escapeIdentifier(login.database)} owner to ${client.escapeIdentifier(login.user)}`,
    );
  } catch (error) {
    options.signal.throwIfAborted();
    throw unavailable(error);
  } finally {
    await client.end().catch(() => {});
  }
}

/** Runs the set-up SQL in one transaction: all of it, or nothing. */
export async function runSetupSql(options: {
  address: Address;
  login: Login;
  sql: string;
  signal: AbortSignal;
}): Promise<void> {
  const { sql, signal } = options;
  if (sql.trim() === '') return;
  const { client } = await connect(options.address, options.login, signal).catch((error: unknown) => {
    signal.throwIfAborted();
    throw unavailable(error);
  });
  try {
    await client.query('begin');
    await client.query(sql);
    await client.query('commit');
  } catch (error) {
    signal.throwIfAborted();
    throw isDatabaseError(error) ? wrongSql(error, sql) : unavailable(error);
  } finally {
    await client.end().catch(() => {});
  }
}

/** Of SQL, and not of the server on its way down. */
const isDatabaseError = (error: unknown): error is DatabaseError => {
  const { code, severity } = error as { code?: unknown; severity?: unknown };
  return typeof code === 'string' && severity === 'ERROR';
};

function wrongSql(error: DatabaseError, sql: string): ArchipelError {
  const before = error.position ? [...sql].slice(0, Number(error.position) - 1).join('') : null;
  const where =
    before === null
      ? ''
      : ` at line ${before.split('\n').length}, column ${[...before.slice(before.lastIndexOf('\n') + 1)].length + 1}`;
  const more = [error.detail, error.hint && `Hint: ${error.hint}`].filter(Boolean).join('\n');
  return new ArchipelError(
    'start-failed',
    `the set-up SQL fails${where}: ${error.message} (SQLSTATE ${error.code})${more ? `\n${more}` : ''}`,
    'Mend the set-up SQL and start again. It runs in one transaction, so nothing of it has been kept.',
    { cause: error },
  );
}

function unavailable(error: unknown): ArchipelError {
  return new ArchipelError(
    'database-unavailable',
    `PostgreSQL could not be set up: ${error instanceof Error ? error.message : String(error)}`,
    'Look at the log of the node, and start it again.',
    { cause: error },
  );
}
