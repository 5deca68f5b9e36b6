import { createHistogram, record, reset, toSparse } from '../../metrics/histogram.ts';
import { runProcess } from '../../process-kit/run-process.ts';
import { RespError } from '../../wire/resp/errors.ts';
import type { Reply } from '../../wire/resp/reply.ts';
import { createServer } from '../../wire/resp/server.ts';
import { createDisturbances } from './disturbances.ts';
import type { CacheConfig } from './launch.ts';
import { createLoader } from './loader.ts';

/** A server that nobody asked for so long has lost its callers. */
const QUIET_MS = 40;
/** Callers that stay are cut off. */
const DRAIN_MS = 500;

runProcess<CacheConfig>(({ nodeId, config, edges }) => {
  const latency = createHistogram();
  let requests = 0;
  let errors = 0;
  let lastMs = 0;
  const loader = createLoader({ nodeId, rules: config.readThrough, edges });
  const server = createServer({
    maxMemoryBytes: config.maxMemoryMb === null ? 0 : Math.round(config.maxMemoryMb * 1024 * 1024),
    maxKeys: config.maxKeys ?? 0,
    policy: config.eviction,
    defaultTtlMs: config.defaultTtlMs,
    commands: config.readThrough.length > 0 ? [loader.command] : [],
    onCommand(command, durationMs, failed) {
      if (command === 'ping') return;
      lastMs = performance.now();
      requests += 1;
      if (failed) errors += 1;
      record(latency, durationMs);
    },
  });
  const { keyspace } = server.state;

  const execute = async (...command: string[]): Promise<Reply> => {
    const reply = await server.execute(...command);
    if (reply instanceof RespError) throw reply;
    // As RESP2 says it.
    return reply instanceof Map ? [...reply].flat() : reply;
  };

  return {
    listen: server.listen,
    wire: loader.wire,
    configure() {},
    measure() {
      const sparse = toSparse(latency);
      reset(latency);
      return {
        requests,
        errors,
        inFlight: server.pending,
        latency: sparse,
        calls: loader.calls(),
        counters: { ...keyspace.stats, ...loader.counters },
        gauges: { keys: keyspace.keys, usedBytes: keyspace.usedBytes },
      };
    },
    calls: createDisturbances({
      execute,
      executeAll: (commands) => Promise.all(commands.map((each) => execute(...each))),
    }),
    async drain() {
      const untilMs = performance.now() + DRAIN_MS;
      lastMs = performance.now();
      const isBusy = (): boolean => server.pending > 0 || performance.now() - lastMs < QUIET_MS;
      while (isBusy() && performance.now() < untilMs) await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
      await server.close();
      await loader.close();
    },
  };
});
