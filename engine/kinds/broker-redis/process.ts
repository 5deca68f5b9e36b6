import { join } from 'node:path';
import { createHistogram, record, reset, toSparse } from '../../metrics/histogram.ts';
import { runProcess } from '../../process-kit/run-process.ts';
import { createServer } from '../../wire/resp/server.ts';
import type { RedisBrokerConfig } from './launch.ts';

/** A consumer that waits for a message is no request that takes long. */
const waits = new Set([
  'blpop',
  'brpop',
  'blmove',
  'blmpop',
  'brpoplpush',
  'bzpopmin',
  'bzpopmax',
  'bzmpop',
  'xread',
  'xreadgroup',
]);

runProcess<RedisBrokerConfig>(({ config, directory }) => {
  const latency = createHistogram();
  let requests = 0;
  let errors = 0;
  const server = createServer({
    maxMemoryBytes: config.maxMemoryMb === null ? 0 : Math.round(config.maxMemoryMb * 1024 * 1024),
    policy: 'noeviction',
    ...(config.persistence === 'append-only' &&
      directory !== undefined && { dataDir: join(directory, 'data'), fsync: config.fsync }),
    onCommand(command, durationMs, failed) {
      if (command === 'ping') return;
      requests += 1;
      if (failed) errors += 1;
      if (!waits.has(command)) record(latency, durationMs);
    },
  });
  const { keyspace } = server.state;

  return {
    listen: server.listen,
    wire() {},
    configure() {},
    measure() {
      const sparse = toSparse(latency);
      reset(latency);
      return { requests, errors, inFlight: 0, latency: sparse, gauges: { usedBytes: keyspace.usedBytes } };
    },
    drain: () => server.close(),
  };
});
