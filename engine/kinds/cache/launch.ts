import type { z } from 'zod';
import type { Launcher, NodeLaunch } from '../../runtime/launch.ts';
import { launchRedisByUrl, launchRedisServer, memorySettings } from '../redis-server/launch.ts';
import { answersPing, type ServerLink } from '../redis-server/link.ts';
import type { cacheDefinition } from './definition.ts';
import { createDisturbances } from './disturbances.ts';
import { measureServer } from './measure-server.ts';

export type CacheConfig = z.output<typeof cacheDefinition.config>;

/** The embedded server, a redis-server of this computer, or the user's own by URL. */
export const launchCache: Launcher<CacheConfig> = async (context) => {
  const { url, server, maxMemoryMb, eviction } = context.config;
  if (url !== undefined) return launchRedisByUrl(context, url, (link) => ({ measure: measureOver(link) }));
  if (server !== 'redis-server') return embedded;
  // A cache keeps nothing on disk.
  return launchRedisServer(context, ['--appendonly', 'no', ...memorySettings(maxMemoryMb, eviction)], (link) => ({
    measure: measureOver(link),
    disturbances: createDisturbances(link),
  }));
};

const embedded: NodeLaunch = {
  type: 'node',
  bundle: 'cache.cjs',
  healthy: (port, timeoutMs) => answersPing({ host: '127.0.0.1', port }, timeoutMs),
};

/** A server that gives no figures now is found not to answer by its health check. */
const measureOver = (link: ServerLink) => () => measureServer(link.execute).catch(() => ({}));
