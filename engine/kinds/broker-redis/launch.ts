import type { z } from 'zod';
import { ArchipelError } from '../../model/error.ts';
import type { CommandLaunch, Launcher, NodeLaunch, RemoteLaunch } from '../../runtime/launch.ts';
import { findRedisServer } from '../cache/find-server.ts';
import { readInfo } from '../cache/info.ts';
import { parseRedisUrl } from '../cache/remote.ts';
import { answersPing, createServerLink, type ServerLink } from '../cache/server-link.ts';
import { redisBrokerDefinition } from './definition.ts';
import { createDisturbances } from './disturbances.ts';
import { createRedisSight } from './sight.ts';

export type RedisBrokerConfig = z.output<typeof redisBrokerDefinition.config>;

/** The embedded server, a redis-server of this computer, or the user's own by URL. */
export const launchRedisBroker: Launcher<RedisBrokerConfig> = (context) => {
  if (context.config.url !== undefined) return launchRemote(context.config, context.config.url, context.signal);
  return context.config.server === 'redis-server' ? launchRedisServer(context) : launchEmbedded(context);
};

const destinationsOf = (config: RedisBrokerConfig) => redisBrokerDefinition.destinations?.(config) ?? [];

const launchEmbedded: Launcher<RedisBrokerConfig, NodeLaunch> = async ({ config, signal }) => ({
  type: 'node',
  bundle: 'broker-redis.cjs',
  healthy: (port, timeoutMs) => answersPing({ host: '127.0.0.1', port }, timeoutMs),
  broker: (port) => createRedisSight(createServerLink({ host: '127.0.0.1', port }, signal), destinationsOf(config)),
});

const launchRedisServer: Launcher<RedisBrokerConfig, CommandLaunch> = async ({
  config,
  directory,
  port: choosePort,
  signal,
}) => {
  const command = await findRedisServer();
  const port = await choosePort();
  const link = createServerLink({ host: '127.0.0.1', port }, signal);
  const disturbances = createDisturbances(link.execute);
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
    broker: () => createRedisSight(link, destinationsOf(config)),
    call: async (name, payload) => {
      const disturb = disturbances[name];
      if (!disturb) throw new Error(`a redis-server knows no call "${name}"`);
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

async function launchRemote(config: RedisBrokerConfig, url: string, signal: AbortSignal): Promise<RemoteLaunch> {
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
    broker: () => createRedisSight(link, destinationsOf(config)),
  };
}

const measure = (link: ServerLink) =>
  readInfo(link.execute).then(
    ({ used_memory = 0 }) => ({ gauges: { usedBytes: used_memory } }),
    () => ({}),
  );

/** A broker refuses what it has no room for: evicting would lose what it has confirmed. */
const settings = ({ maxMemoryMb, persistence, fsync }: RedisBrokerConfig, port: number): string[] => [
  ...['--port', String(port)],
  ...['--bind', '127.0.0.1'],
  ...['--save', ''],
  ...['--appendonly', persistence === 'append-only' ? 'yes' : 'no'],
  ...['--appendfsync', fsync],
  ...['--maxmemory', String(maxMemoryMb === null ? 0 : Math.round(maxMemoryMb * 1024 * 1024))],
  ...['--maxmemory-policy', 'noeviction'],
];
