import type { z } from 'zod';
import type { CommandLaunch, Launcher, RemoteLaunch } from '../../runtime/launch.ts';
import { forSpawn, unprivilegedAccount } from './account.ts';
import { findPostgres, toolIn } from './binaries.ts';
import { createCluster, generatePassword, SUPERUSER } from './cluster.ts';
import type { databaseDefinition } from './definition.ts';
import { explainPostgres } from './explain.ts';
import { createHealthCheck } from './health.ts';
import { endLeftovers } from './leftovers.ts';
import { usablePostgres } from './private-copy.ts';
import { parseDatabaseUrl } from './remote.ts';
import { toolEnvironment } from './run-tool.ts';
import { createDatabase, runSetupSql } from './set-up.ts';

export type DatabaseConfig = z.output<typeof databaseDefinition.config>;

/** On top of the config's, for the engine alone: the connection that its health check keeps, and two for a new login. */
const ENGINE_CONNECTIONS = 3;

/** A PostgreSQL of our own, or the user's own server where the config holds a URL. */
export const launchDatabase: Launcher<DatabaseConfig> = (context) =>
  context.config.url === undefined ? launchOwn(context) : launchRemote(context.config.url, context);

const launchOwn: Launcher<DatabaseConfig, CommandLaunch> = async ({ config, directory, port: choosePort, signal }) => {
  signal.throwIfAborted();
  const account = unprivilegedAccount();
  const postgres = await usablePostgres({ installed: findPostgres(), directory, account, signal });
  const superuserPassword = generatePassword();
  const data = await createCluster({ postgres, directory, superuserPassword, account, signal });
  const port = await choosePort();

  const address = { host: '127.0.0.1', port };
  const login = { user: 'archipel', password: generatePassword(), database: 'archipel' };
  // The database that is there from the first moment of any cluster.
  const forChecks = { user: SUPERUSER, password: superuserPassword, database: 'template1' };
  return {
    type: 'command',
    command: toolIn(postgres, 'postgres'),
    args: ['-D', data, '-p', String(port), ...settings(config).flatMap((setting) => ['-c', setting])],
    env: toolEnvironment(),
    cwd: directory,
    ...forSpawn(account),
    port,
    // "Fast": sessions are ended, what they committed is written. Windows has no signals; there any of them kills at once.
    stopSignal: 'SIGINT',
    // "Immediate": ends all children at once and leaves no shared memory behind.
    guardianSignal: process.platform === 'win32' ? 'SIGKILL' : 'SIGQUIT',
    login,
    prepare: () => endLeftovers(data),
    healthy: createHealthCheck(address, forChecks, signal),
    async setUp() {
      await createDatabase({ address, superuserPassword, login, signal });
      await runSetupSql({ address, login, sql: config.setupSql, signal });
    },
    explain: (lines) => explainPostgres('PostgreSQL has ended', lines),
  };
};

/**
 * The set-up SQL runs here too, as it is written and at every start: Archipel adds nothing to it and drops nothing,
 * so on a server that keeps its rows it must be written so that running it again does no harm.
 */
async function launchRemote(
  url: string,
  { config, signal }: { config: DatabaseConfig; signal: AbortSignal },
): Promise<RemoteLaunch> {
  const { host, port, login } = parseDatabaseUrl(url);
  const address = { host, port };
  return {
    type: 'remote',
    host,
    port,
    login,
    healthy: createHealthCheck(address, login, signal),
    setUp: () => runSetupSql({ address, login, sql: config.setupSql, signal }),
  };
}

/** `fsync`, `full_page_writes` and `synchronous_commit` stay on: what was committed is there after any kill. */
function settings(config: DatabaseConfig): string[] {
  return [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    `max_connections=${config.maxConnections + ENGINE_CONNECTIONS}`,
    `superuser_reserved_connections=${ENGINE_CONNECTIONS - 1}`,
    'shared_buffers=32MB',
    // In the data directory, where nothing outlives it; POSIX shared memory would stay after a SIGKILL.
    ...(process.platform === 'win32' ? [] : ['dynamic_shared_memory_type=mmap']),
    // Fewer processes: reads are done where they are needed, and nothing is replicated.
    'io_method=sync',
    'max_wal_senders=0',
    'max_logical_replication_workers=0',
    'log_destination=stderr',
    'logging_collector=off',
    'log_line_prefix=',
  ];
}
