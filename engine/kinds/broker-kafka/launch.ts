import { ArchipelError } from '../../model/error.ts';
import type { Launcher } from '../../runtime/launch.ts';
import { errorCodes } from '../../wire/kafka/protocol/errors.ts';
import { createTopics } from '../../wire/kafka/protocol/tables/topics.ts';
import { answersApiVersions, type BrokerAddress, type ClusterLink, createClusterLink } from './cluster-link.ts';
import type { KafkaBrokerConfig } from './config.ts';
import { kafkaBrokerDefinition } from './definition.ts';
import { createIntruders } from './intruder.ts';
import { launchApacheKafka } from './server.ts';
import { createKafkaSight } from './sight.ts';
import { topicsOf } from './topics.ts';

/** The embedded server, an Apache Kafka of this computer, or the user's own cluster by URL. */
export const launchKafkaBroker: Launcher<KafkaBrokerConfig> = async (context) => {
  const { config, signal } = context;
  const destinations = kafkaBrokerDefinition.destinations?.(config) ?? [];
  const sightOver = (link: ClusterLink) => createKafkaSight(link, destinations);
  const over = (address: BrokerAddress) => {
    const link = createClusterLink([address], signal);
    return { healthy: link.healthy, setUp: () => makeTopics(link, config), broker: () => sightOver(link) };
  };
  if (config.url !== undefined) {
    const address = addressOf(config.url);
    return { type: 'remote', ...address, ...over(address) };
  }
  if (config.server === 'apache-kafka')
    return launchApacheKafka(context, (port) => ({
      ...over({ host: '127.0.0.1', port }),
      call: callsOf(createIntruders(() => port)),
    }));
  return {
    type: 'node',
    bundle: 'broker-kafka.cjs',
    healthy: (port, timeoutMs) => answersApiVersions({ host: '127.0.0.1', port }, timeoutMs),
    broker: (port) => sightOver(createClusterLink([{ host: '127.0.0.1', port }], signal)),
  };
};

const callsOf =
  (calls: Record<string, (payload: never) => unknown>) =>
  async (name: string, payload: unknown): Promise<unknown> => {
    const call = calls[name];
    if (!call) throw new Error(`an Apache Kafka knows no call "${name}"`);
    return call(payload as never);
  };

function addressOf(url: string): BrokerAddress {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port) };
}

/** Topics that are there stay as they are. */
async function makeTopics(link: ClusterLink, config: KafkaBrokerConfig): Promise<void> {
  const wanted = topicsOf(config);
  if (wanted.length === 0) return;
  const { topics } = await link.ask(createTopics, 5, {
    timeoutMs: 10_000,
    topics: wanted.map(({ name, partitions = -1, replicationFactor = -1, settings = {} }) => ({
      ...{ name, numPartitions: partitions, replicationFactor, assignments: [] },
      configs: Object.entries(settings).map(([setting, value]) => ({ name: setting, value })),
    })),
  });
  const refused = topics.find(
    ({ errorCode }) => errorCode !== errorCodes.NONE && errorCode !== errorCodes.TOPIC_ALREADY_EXISTS,
  );
  if (refused)
    throw new ArchipelError(
      'kafka-unavailable',
      `the topic "${refused.name}" was not made: ${refused.errorMessage ?? `error ${refused.errorCode}`}`,
      'Mend its settings.',
    );
}
