import { resolve } from 'node:path';
import { openWith, type RunningBroker, whatItHas } from './serve.ts';

export interface KafkaOptions {
  port: number;
  data?: string;
  fsync: 'always' | 'everysec' | 'never';
  partitions: number;
}

/** Loads the server, so that other commands start without it. */
export async function openKafka({ port, data, fsync, partitions }: KafkaOptions): Promise<RunningBroker> {
  const { createServer, DamagedClusterError } = await import('./servers/kafka.ts');
  const open = () =>
    createServer({
      port,
      fsync,
      defaultPartitions: partitions,
      ...(data === undefined ? {} : { dataDir: resolve(data) }),
    });
  const server = openWith(open, DamagedClusterError, 'topics');
  const { recovered } = server;
  const found = recovered && { what: `${recovered.topics} topics`, cutOffBytes: recovered.cutOffBytes };
  return {
    listen: () => server.listen(),
    readyLine: (opened) => `kafka is ready at 127.0.0.1:${opened}${whatItHas(found, data)}`,
    close: () => server.close(),
  };
}
