import type { BrokerContext } from '../cluster/context.ts';
import { NO_LEADER, problemWithTopicName, type TopicMetadata } from '../cluster/metadata.ts';
import type { apis } from '../protocol/apis.ts';
import { errorCodes, KafkaError } from '../protocol/errors.ts';
import { NO_UUID } from '../protocol/values.ts';
import type { Handler } from './handler.ts';

export const metadata: Handler<typeof apis.metadata> = (request, { broker, listener, version }) => {
  const { controller } = broker.cluster;
  // An empty list meant all in the first version, and means none since.
  const isAll = request.topics === null || (version === 0 && request.topics.length === 0);
  const mayCreate = request.allowAutoTopicCreation && broker.cluster.settings.autoCreateTopics;
  const asked = request.topics ?? [];
  return {
    brokers: broker.cluster.addresses(listener).map(({ id, host, port }) => ({ nodeId: id, host, port })),
    clusterId: controller.clusterId,
    controllerId: Math.min(...controller.alive),
    topics: isAll
      ? [...controller.topics.values()].map((topic) => topicAnswer(topic, broker))
      : asked.map(({ name, topicId }) => find(name, topicId, mayCreate, broker)),
  };
};

type DescribedTopic = ReturnType<typeof topicAnswer>;

function find(name: string | null, topicId: string, mayCreate: boolean, broker: BrokerContext): DescribedTopic {
  const { controller } = broker.cluster;
  if (name === null || (name === '' && topicId !== NO_UUID)) {
    const topic = controller.topicById(topicId);
    return topic ? topicAnswer(topic, broker) : unknown(null, topicId, errorCodes.UNKNOWN_TOPIC_ID);
  }
  const topic = controller.topics.get(name);
  if (topic) return topicAnswer(topic, broker);
  if (problemWithTopicName(name)) return unknown(name, NO_UUID, errorCodes.INVALID_TOPIC_EXCEPTION);
  if (!mayCreate) return unknown(name, NO_UUID, errorCodes.UNKNOWN_TOPIC_OR_PARTITION);
  try {
    return topicAnswer(controller.createTopic({ name }), broker);
  } catch (error) {
    if (!(error instanceof KafkaError)) throw error;
    return unknown(name, NO_UUID, error.code);
  }
}

const unknown = (name: string | null, topicId: string, errorCode: number) => ({
  errorCode,
  name,
  topicId,
  isInternal: false,
  partitions: [] as DescribedTopic['partitions'],
});

const topicAnswer = (topic: TopicMetadata, broker: BrokerContext) => ({
  errorCode: errorCodes.NONE as number,
  name: topic.name as string | null,
  topicId: topic.id,
  isInternal: topic.isInternal,
  partitions: topic.partitions.map(({ index, leader, leaderEpoch, replicas, isr }) => ({
    errorCode: leader === NO_LEADER ? errorCodes.LEADER_NOT_AVAILABLE : errorCodes.NONE,
    partitionIndex: index,
    leaderId: leader,
    leaderEpoch,
    replicaNodes: replicas,
    isrNodes: isr,
    offlineReplicas: replicas.filter((id) => !broker.cluster.controller.alive.has(id)),
  })),
});

export const describeCluster: Handler<typeof apis.describeCluster> = (_, { broker, listener }) => ({
  errorCode: errorCodes.NONE,
  clusterId: broker.cluster.controller.clusterId,
  controllerId: Math.min(...broker.cluster.controller.alive),
  brokers: broker.cluster.addresses(listener).map(({ id, host, port }) => ({ brokerId: id, host, port })),
});
