import type { Launcher, RemoteLaunch } from '../../runtime/launch.ts';
import { createHealthCheck } from './health.ts';
import { createMeasure } from './measure.ts';
import { launchPrimary } from './primary.ts';
import { parseDatabaseUrl } from './remote.ts';
import { fillDatabase } from './set-up.ts';
import type { DatabaseConfig } from './settings.ts';
import { launchStandby } from './standby.ts';

/** A PostgreSQL of our own, primary or read replica, or the user's own server where the config holds a URL. */
export const launchDatabase: Launcher<DatabaseConfig> = async (context) => {
  const { config, replica } = context;
  if (config.url !== undefined) return launchRemote(config.url, config, context.signal);
  return replica === 0 ? launchPrimary(context) : launchStandby(context);
};

/**
 * Its SQL runs here too, as it is written and at every start: Archipel adds nothing to it and drops nothing,
 * so on a server that keeps its rows it must be written so that running it again does no harm.
 */
function launchRemote(url: string, config: DatabaseConfig, signal: AbortSignal): RemoteLaunch {
  const { host, port, login } = parseDatabaseUrl(url);
  const address = { host, port };
  return {
    type: 'remote',
    host,
    port,
    login,
    healthy: createHealthCheck(address, login, signal),
    setUp: () => fillDatabase({ address, login, config, signal }),
    measure: createMeasure({ address, as: login, topology: login, maxConnections: null, signal }),
  };
}
