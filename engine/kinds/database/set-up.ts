import type { Client } from 'pg';
import { ArchipelError } from '../../model/error.ts';
import { scramSettings } from './cluster.ts';
import { type Address, connect, type Login } from './connection.ts';
import type { Primary } from './fleet.ts';
import { insertRows } from './generate-rows.ts';
import type { DatabaseConfig } from './settings.ts';
import { isSqlError, wrongSql } from './sql-failure.ts';

/**
 * Gives a new cluster the database that the topology uses, an owner for it who is no superuser (SQL of a document must not run
 * programs or read files) and has as many connections as the config says, and a login for standbys.
 */
export async function createDatabase(
  { address, superuser, login, replication }: Primary,
  { maxConnections }: DatabaseConfig,
  signal: AbortSignal,
): Promise<void> {
  const { client } = await connect(address, { ...superuser, database: 'template1' }, signal);
  const createRole = async ({ user, password }: Omit<Login, 'database'>, options: string): Promise<void> => {
    // Each on its own, and again after a failure: a set-up that failed may be tried again.
    const { rowCount } = await client.query('select from pg_roles where rolname = $1', [user]);
    if (!rowCount)
      await client.query(
        `create role ${client.escapeIdentifier(user)} login ${options} password ${client.escapeLiteral(password)}`,
      );
  };
  try {
    for (const setting of scramSettings) await client.query(`set ${setting.replace('=', " = '")}'`);
    await createRole(login, `connection limit ${maxConnections}`);
    await createRole(replication, 'replication');
    const { rowCount: databases } = await client.query('select from pg_database where datname = $1', [login.database]);
    if (!databases) await client.query(`alter database postgres rename to ${client.escapeIdentifier(login.database)}`);
    await client.query(
      `alter database ${client.escapeIdentifier(login.database)} owner to ${client.escapeIdentifier(login.user)}`,
    );
  } catch (error) {
    signal.throwIfAborted();
    throw unavailable(error);
  } finally {
    await client.end().catch(() => {});
  }
}

/** Runs schema, set-up SQL and seed in one transaction: all of it, or nothing. */
export async function fillDatabase(options: {
  address: Address;
  login: Login;
  config: Pick<DatabaseConfig, 'schema' | 'setupSql' | 'seed'>;
  signal: AbortSignal;
}): Promise<void> {
  const { config, signal } = options;
  if (config.schema.trim() === '' && config.setupSql.trim() === '' && config.seed.length === 0) return;
  const { client } = await connect(options.address, options.login, signal).catch((error: unknown) => {
    signal.throwIfAborted();
    throw unavailable(error);
  });
  try {
    await client.query('begin');
    await runSql(client, 'schema', config.schema);
    await runSql(client, 'set-up SQL', config.setupSql);
    for (const [index, seed] of config.seed.entries())
      if (seed.type === 'sql') await runSql(client, `SQL of seed ${index + 1}`, seed.sql);
      else await insertRows(client, seed, `seed ${index + 1}`);
    await client.query('commit');
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof ArchipelError ? error : unavailable(error);
  } finally {
    await client.end().catch(() => {});
  }
}

async function runSql(client: Client, part: string, sql: string): Promise<void> {
  let done = 0;
  const onComplete = (): void => {
    done += 1;
  };
  client.connection.on('commandComplete', onComplete);
  try {
    await client.query(sql);
  } catch (error) {
    throw isSqlError(error) ? wrongSql(error, { part, sql, done }) : error;
  } finally {
    client.connection.off('commandComplete', onComplete);
  }
}

function unavailable(error: unknown): ArchipelError {
  return new ArchipelError(
    'database-unavailable',
    `PostgreSQL could not be set up: ${error instanceof Error ? error.message : String(error)}`,
    'Look at the log of the node, and start it again.',
    { cause: error },
  );
}
