import type { CommandLaunch } from '../../runtime/launch.ts';
import { forSpawn } from './account.ts';
import { createAdministration } from './administration.ts';
import { toolIn } from './binaries.ts';
import { explainPostgres } from './explain.ts';
import type { Primary } from './fleet.ts';
import { createHealthCheck } from './health.ts';
import { endLeftovers } from './leftovers.ts';
import { createMeasure } from './measure.ts';
import { toolEnvironment } from './run-tool.ts';
import { type DatabaseConfig, settings } from './settings.ts';

type Server = Pick<Primary, 'postgres' | 'account' | 'data' | 'address' | 'login' | 'superuser'> & {
  config: DatabaseConfig;
  directory: string;
  signal: AbortSignal;
};

/** How a PostgreSQL of ours is started, watched and asked: what primary and standbys have in common. */
export function serverLaunch(
  server: Server,
): Omit<CommandLaunch, 'setUp'> & Required<Pick<CommandLaunch, 'prepare' | 'call'>> {
  const { postgres, account, data, address, login, superuser, config, signal } = server;
  // The database that is there from the first moment of any cluster.
  const forChecks = { ...superuser, database: 'template1' };
  return {
    type: 'command',
    command: toolIn(postgres, 'postgres'),
    args: ['-D', data, '-p', String(address.port), ...settings(config).flatMap((setting) => ['-c', setting])],
    env: toolEnvironment(),
    cwd: server.directory,
    ...forSpawn(account),
    port: address.port,
    // "Fast": sessions are ended, what they committed is written. Windows has no signals; there any of them kills at once.
    stopSignal: 'SIGINT',
    // "Immediate": ends all children at once and leaves no shared memory behind.
    guardianSignal: process.platform === 'win32' ? 'SIGKILL' : 'SIGQUIT',
    login,
    prepare: () => endLeftovers(data),
    healthy: createHealthCheck(address, forChecks, signal),
    measure: createMeasure({ address, as: forChecks, topology: login, maxConnections: config.maxConnections, signal }),
    call: createAdministration({
      address,
      logins: { engine: { ...superuser, database: login.database }, topology: login },
      signal,
    }),
    explain: (lines) => explainPostgres('PostgreSQL has ended', lines),
  };
}
