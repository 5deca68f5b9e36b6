import { join } from 'node:path';
import { createHistogram, record, reset, toSparse } from '../../metrics/histogram.ts';
import { faultHooks, longest } from '../../process-kit/fault-hooks.ts';
import { runProcess } from '../../process-kit/run-process.ts';
import { switchCalls } from '../../process-kit/switch-calls.ts';
import { createCluster } from '../../wire/kafka/server.ts';
import { type KafkaBrokerConfig, QUICK } from './config.ts';
import { createDisturbances } from './disturbances.ts';
import { writeMarker } from './marker.ts';
import { topicsOf } from './topics.ts';

/** Requests that wait until there is something to tell. */
const waits = new Set(['Fetch', 'JoinGroup', 'SyncGroup']);
const HEALTH_CHECK = 'ApiVersions';

runProcess<KafkaBrokerConfig>(({ config, directory }) => {
  const latency = createHistogram();
  let requests = 0;
  let ports: readonly number[] = [];
  let isDiskFull = false;
  const cluster = createCluster({
    ...QUICK,
    brokers: config.brokers,
    autoCreateTopics: false,
    defaultReplicationFactor: config.brokers,
    ...(config.persistence === 'segments' &&
      directory !== undefined && { dataDir: join(directory, 'data'), fsync: config.fsync }),
    requestDelayMs: () => longest(faultHooks.command),
    diskDelayMs: () => longest(faultHooks.disk),
    isDiskFull: () => isDiskFull,
    onRequest({ name, durationMs }) {
      if (name === HEALTH_CHECK) return;
      requests += 1;
      if (!waits.has(name)) record(latency, durationMs);
    },
  });

  return {
    async listen() {
      ports = await cluster.listen();
      const there = new Set(cluster.admin.partitions().map(({ topic }) => topic));
      for (const topic of topicsOf(config)) if (!there.has(topic.name)) cluster.createTopic(topic);
      return [...ports];
    },
    wire() {},
    configure() {},
    measure() {
      const sparse = toSparse(latency);
      reset(latency);
      return { requests, errors: 0, inFlight: 0, latency: sparse };
    },
    calls: {
      ...createDisturbances(cluster, () => ports[0] as number),
      ...switchCalls('disk-full', (isOn) => {
        isDiskFull = isOn;
      }),
      'takes-writes': async () => (await writeMarker(cluster, ports)).isTaken,
      async 'disk-write'() {
        return cluster.recovered === null ? null : (await writeMarker(cluster, ports)).durationMs;
      },
    },
    drain: () => cluster.close(),
  };
});
