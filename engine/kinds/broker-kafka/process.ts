import { join } from 'node:path';
import { createHistogram, record, reset, toSparse } from '../../metrics/histogram.ts';
import { faultHooks } from '../../process-kit/fault-hooks.ts';
import { runProcess } from '../../process-kit/run-process.ts';
import { createCluster } from '../../wire/kafka/server.ts';
import { type KafkaBrokerConfig, QUICK } from './config.ts';
import { createDisturbances } from './disturbances.ts';
import { topicsOf } from './topics.ts';

/** Requests that wait until there is something to tell. */
const waits = new Set(['Fetch', 'JoinGroup', 'SyncGroup']);
const HEALTH_CHECK = 'ApiVersions';

runProcess<KafkaBrokerConfig>(({ config, directory }) => {
  const latency = createHistogram();
  let requests = 0;
  let firstPort = 0;
  const cluster = createCluster({
    ...QUICK,
    brokers: config.brokers,
    autoCreateTopics: false,
    defaultReplicationFactor: config.brokers,
    ...(config.persistence === 'segments' &&
      directory !== undefined && { dataDir: join(directory, 'data'), fsync: config.fsync }),
    requestDelayMs: () => {
      let delayMs = 0;
      for (const hook of faultHooks.command) delayMs = Math.max(delayMs, hook());
      return delayMs;
    },
    onRequest({ name, durationMs }) {
      if (name === HEALTH_CHECK) return;
      requests += 1;
      if (!waits.has(name)) record(latency, durationMs);
    },
  });

  return {
    async listen() {
      const ports = await cluster.listen();
      firstPort = ports[0] as number;
      const there = new Set(cluster.admin.partitions().map(({ topic }) => topic));
      for (const topic of topicsOf(config)) if (!there.has(topic.name)) cluster.createTopic(topic);
      return ports;
    },
    wire() {},
    configure() {},
    measure() {
      const sparse = toSparse(latency);
      reset(latency);
      return { requests, errors: 0, inFlight: 0, latency: sparse };
    },
    calls: createDisturbances(cluster, () => firstPort),
    drain: () => cluster.close(),
  };
});
