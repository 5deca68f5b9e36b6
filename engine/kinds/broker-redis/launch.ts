import type { z } from 'zod';
import type { Launcher } from '../../runtime/launch.ts';
import { readInfo } from '../redis-server/info.ts';
import { launchRedisByUrl, launchRedisServer, memorySettings } from '../redis-server/launch.ts';
import { answersPing, createServerLink, type ServerLink } from '../redis-server/link.ts';
import { redisBrokerDefinition } from './definition.ts';
import { createDisturbances } from './disturbances.ts';
import { createRedisSight } from './sight.ts';

export type RedisBrokerConfig = z.output<typeof redisBrokerDefinition.config>;

/** The embedded server, a redis-server of this computer, or the user's own by URL. */
export const launchRedisBroker: Launcher<RedisBrokerConfig> = async (context) => {
  const { config, signal } = context;
  const destinations = redisBrokerDefinition.destinations?.(config) ?? [];
  const seen = (link: ServerLink) => ({
    measure: measureOver(link),
    broker: () => createRedisSight(link, destinations),
  });
  if (config.url !== undefined) return launchRedisByUrl(context, config.url, seen);
  if (config.server === 'redis-server')
    return launchRedisServer(context, settings(config), (link) => ({
      ...seen(link),
      disturbances: createDisturbances(link.execute),
    }));
  return {
    type: 'node',
    bundle: 'broker-redis.cjs',
    healthy: (port, timeoutMs) => answersPing({ host: '127.0.0.1', port }, timeoutMs),
    broker: (port) => createRedisSight(createServerLink({ host: '127.0.0.1', port }, signal), destinations),
  };
};

/** A server that gives no figures now is found not to answer by its health check. */
const measureOver =
  ({ execute }: ServerLink) =>
  () =>
    readInfo(execute).then(
      ({ used_memory = 0 }) => ({ gauges: { usedBytes: used_memory } }),
      () => ({}),
    );

/** A broker refuses what it has no room for: evicting would lose what it has confirmed. */
const settings = ({ maxMemoryMb, persistence, fsync }: RedisBrokerConfig): string[] => [
  ...['--appendonly', persistence === 'append-only' ? 'yes' : 'no'],
  ...['--appendfsync', fsync],
  ...memorySettings(maxMemoryMb, 'noeviction'),
];
