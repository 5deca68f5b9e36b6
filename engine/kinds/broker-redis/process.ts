import { join } from 'node:path';
import { createHistogram, record, reset, toSparse } from '../../metrics/histogram.ts';
import { faultHooks, longest } from '../../process-kit/fault-hooks.ts';
import { runProcess } from '../../process-kit/run-process.ts';
import { switchCalls } from '../../process-kit/switch-calls.ts';
import { RespError } from '../../wire/resp/errors.ts';
import { createServer } from '../../wire/resp/server.ts';
import { keepPausesShort } from '../../wire/short-pauses.ts';
import type { Execute } from '../redis-server/info.ts';
import { createDisturbances, timeWrite } from './disturbances.ts';
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
  let isDiskFull = false;
  keepPausesShort();
  const server = createServer({
    maxMemoryBytes: config.maxMemoryMb === null ? 0 : Math.round(config.maxMemoryMb * 1024 * 1024),
    policy: 'noeviction',
    ...(config.persistence === 'append-only' &&
      directory !== undefined && { dataDir: join(directory, 'data'), fsync: config.fsync }),
    commandDelayMs: () => longest(faultHooks.command),
    diskDelayMs: () => longest(faultHooks.disk),
    isDiskFull: () => isDiskFull,
    onCommand(command, durationMs, failed) {
      if (command === 'ping') return;
      requests += 1;
      if (failed) errors += 1;
      if (!waits.has(command)) record(latency, durationMs);
    },
  });
  const { keyspace } = server.state;
  const execute: Execute = async (...command) => {
    const reply = await server.execute(...command);
    if (reply instanceof RespError) throw reply;
    // As RESP2 says it.
    return reply instanceof Map ? [...reply].flat() : reply;
  };

  return {
    listen: server.listen,
    wire() {},
    configure() {},
    measure() {
      const sparse = toSparse(latency);
      reset(latency);
      return { requests, errors, inFlight: 0, latency: sparse, gauges: { usedBytes: keyspace.usedBytes } };
    },
    calls: {
      ...createDisturbances(execute),
      ...switchCalls('disk-full', (isOn) => {
        isDiskFull = isOn;
      }),
      async 'disk-write'() {
        return server.recovered === null ? null : await timeWrite(execute);
      },
    },
    drain: () => server.close(),
  };
});
