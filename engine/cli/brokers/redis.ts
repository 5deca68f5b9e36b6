import { resolve } from 'node:path';
import { openWith, type RunningBroker, whatItHas } from './serve.ts';

export interface RedisOptions {
  port: number;
  data?: string;
  fsync: 'always' | 'everysec' | 'no';
  maxMemory?: number;
  password?: string;
}

/** Loads the server, so that other commands start without it. */
export async function openRedis({ port, data, fsync, maxMemory, password }: RedisOptions): Promise<RunningBroker> {
  const { createServer, DamagedLogError, keepPausesShort } = await import('./servers/redis.ts');
  keepPausesShort();
  const open = () =>
    createServer({
      port,
      fsync,
      ...(data === undefined ? {} : { dataDir: resolve(data) }),
      ...(maxMemory === undefined ? {} : { maxMemoryBytes: maxMemory * 1024 * 1024 }),
      ...(password === undefined ? {} : { password }),
    });
  const server = openWith(open, DamagedLogError, 'keys');
  const { recovered, state } = server;
  const found = recovered && { what: `${state.keyspace.keys} keys`, cutOffBytes: recovered.cutOffBytes };
  return {
    listen: () => server.listen(),
    readyLine: (opened) => `redis is ready at redis://127.0.0.1:${opened}${whatItHas(found, data)}`,
    close: () => server.close(),
  };
}
