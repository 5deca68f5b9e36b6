import type { z } from 'zod';
import { ArchipelError } from '../../model/error.ts';
import type { CommandLaunch, Foreign, Launcher, NodeLaunch, RemoteLaunch } from '../../runtime/launch.ts';
import type { cacheDefinition } from './definition.ts';
import { createDisturbances } from './disturbances.ts';
import { findRedisServer } from './find-server.ts';
import { measureServer } from './info.ts';
import { parseRedisUrl } from './remote.ts';
import { answersPing, createServerLink, type ServerLink } from './server-link.ts';

export type CacheConfig = z.output<typeof cacheDefinition.config>;

/** The embedded server, a redis-server of this computer, or the user's own by URL. */
export const launchCache: Launcher<CacheConfig> = (context) => {
  if (context.config.url !== undefined) return launchRemote(context.config.url, context.signal);
  return context.config.server === 'redis-server' ? launchRedisServer(context) : launchEmbedded();
};

const launchEmbedded = async (): Promise<NodeLaunch> => ({
  type: 'node',
  bundle: 'cache.cjs',
  healthy: (port, timeoutMs) => answersPing({ host: '127.0.0.1', port }, timeoutMs),
});

const launchRedisServer: Launcher<CacheConfig, CommandLaunch> = async ({
  config,
  directory,
  port: choosePort,
  signal,
}) => {
  const command = await findRedisServer();
  const port = await choosePort();
  const link = createServerLink({ host: '127.0.0.1', port }, signal);
  const disturbances = createDisturbances(link);
  return {
    type: 'command',
    command,
    args: [...settings(config, port), '--dir', directory],
    env: { PATH: process.env.PATH ?? '' },
    cwd: directory,
    port,
    stopSignal: 'SIGTERM',
    guardianSignal: 'SIGKILL',
    healthy: link.healthy,
    setUp: async () => {},
    measure: () => measure(link),
    call: async (name, payload) => {
      const disturb = disturbances[name];
      if (!disturb) throw new Error(`a cache knows no call "${name}"`);
      return disturb(payload as never);
    },
    explain: (lines) =>
      new ArchipelError(
        'cache-unavailable',
        `${command} has ended: ${lines.slice(-3).join(' ') || 'it said nothing'}`,
        'Look at the log of the node, or let the node use the embedded server.',
      ),
  };
};

async function launchRemote(url: string, signal: AbortSignal): Promise<RemoteLaunch> {
  const { host, port, login } = parseRedisUrl(url);
  const link = createServerLink({ host, port, login }, signal);
  return {
    type: 'remote',
    host,
    port,
    login,
    healthy: link.healthy,
    setUp: async () => {},
    measure: () => measure(link),
  };
}

/** A server that gives no figures now is found not to answer by its health check. */
const measure = (link: ServerLink): Promise<Foreign> => measureServer(link.execute).catch(() => ({}));

/** A cache keeps nothing on disk. */
const settings = ({ maxMemoryMb, eviction }: CacheConfig, port: number): string[] => [
  ...['--port', String(port)],
  ...['--bind', '127.0.0.1'],
  ...['--save', ''],
  ...['--appendonly', 'no'],
  ...['--maxmemory', String(maxMemoryMb === null ? 0 : Math.round(maxMemoryMb * 1024 * 1024))],
  ...['--maxmemory-policy', eviction],
];
