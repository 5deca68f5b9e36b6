import type { TopicSettings } from '../cluster/topic-config.ts';
import { settingValue, type TopicSetting, topicSettings, typeNumber } from '../cluster/topic-config.ts';
import type { apis } from '../protocol/apis.ts';
import { errorCodes, KafkaError } from '../protocol/errors.ts';
import { NO_UUID } from '../protocol/values.ts';
import { findLed } from './find-partition.ts';
import type { Handler } from './handler.ts';

const HIGH_WATERMARK = -1;
const TOPIC_CONFIG = 1;
const DEFAULT_CONFIG = 5;

export const createTopics: Handler<typeof apis.createTopics> = (request, { broker }) => {
  const { controller } = broker.cluster;
  const names = request.topics.map(({ name }) => name);
  return {
    topics: request.topics.map((topic) => {
      const { name, numPartitions, replicationFactor } = topic;
      try {
        if (names.filter((each) => each === name).length > 1)
          throw new KafkaError('INVALID_REQUEST', 'Duplicate topic name.');
        const made = controller.createTopic(
          {
            name,
            partitions: numPartitions,
            replicationFactor,
            assignments: inOrder(topic.assignments),
            settings: Object.fromEntries(
              topic.configs.flatMap((each) => (each.value === null ? [] : [[each.name, each.value]])),
            ) as TopicSettings,
          },
          request.validateOnly,
        );
        return {
          name,
          topicId: request.validateOnly ? NO_UUID : made.id,
          errorCode: errorCodes.NONE,
          numPartitions: made.partitions.length,
          replicationFactor: made.partitions[0]?.replicas.length ?? -1,
          configs: (Object.keys(topicSettings) as TopicSetting[]).map((setting) => ({
            name: setting,
            value: settingValue(setting, made.settings, controller.defaults),
            readOnly: false,
            configSource: setting in made.settings ? TOPIC_CONFIG : DEFAULT_CONFIG,
            isSensitive: false,
            configType: typeNumber(setting),
          })),
        };
      } catch (error) {
        if (!(error instanceof KafkaError)) throw error;
        return { name, errorCode: error.code, errorMessage: error.message };
      }
    }),
  };
};

/** Fails where an index is left out or given twice. */
function inOrder(
  assignments: readonly { partitionIndex: number; brokerIds: readonly number[] }[],
): readonly number[][] {
  const byIndex = new Map(assignments.map(({ partitionIndex, brokerIds }) => [partitionIndex, brokerIds]));
  return assignments.map((_, index) => {
    const replicas = byIndex.get(index);
    if (replicas) return [...replicas];
    throw new KafkaError(
      'INVALID_REPLICA_ASSIGNMENT',
      'The partitions of a manual assignment are each given once, as a consecutive 0-based integer sequence.',
    );
  });
}

export const deleteTopics: Handler<typeof apis.deleteTopics> = (request, { broker, version }) => {
  const { controller } = broker.cluster;
  const asked = version >= 6 ? request.topics : request.topicNames.map((name) => ({ name, topicId: NO_UUID }));
  return {
    responses: asked.map(({ name, topicId }) => {
      try {
        const known = name ?? controller.topicById(topicId)?.name;
        if (known === undefined) throw new KafkaError('UNKNOWN_TOPIC_ID', 'This server does not host this topic ID.');
        const id = controller.topics.get(known)?.id ?? topicId;
        controller.deleteTopic(known);
        return { name: known, topicId: id, errorCode: errorCodes.NONE };
      } catch (error) {
        if (!(error instanceof KafkaError)) throw error;
        return { name, topicId, errorCode: error.code, errorMessage: error.message };
      }
    }),
  };
};

export const createPartitions: Handler<typeof apis.createPartitions> = (request, { broker }) => ({
  results: request.topics.map(({ name, count, assignments }) => {
    try {
      broker.cluster.controller.createPartitions(
        name,
        count,
        assignments?.map(({ brokerIds }) => brokerIds) ?? null,
        request.validateOnly,
      );
      return { name, errorCode: errorCodes.NONE };
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error;
      return { name, errorCode: error.code, errorMessage: error.message };
    }
  }),
});

export const deleteRecords: Handler<typeof apis.deleteRecords> = (request, { broker }) => ({
  topics: request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex, offset }) => {
      try {
        const { log } = findLed(broker, broker.cluster.controller.topics.get(name), partitionIndex);
        if (!log.settings.isDeleted) throw new KafkaError('POLICY_VIOLATION');
        const before = offset === HIGH_WATERMARK ? log.highWatermark : offset;
        if (before < 0 || before > log.highWatermark) throw new KafkaError('OFFSET_OUT_OF_RANGE');
        log.deleteBefore(before);
        return { partitionIndex, lowWatermark: log.startOffset, errorCode: errorCodes.NONE };
      } catch (error) {
        if (!(error instanceof KafkaError)) throw error;
        return { partitionIndex, lowWatermark: -1, errorCode: error.code };
      }
    }),
  })),
});
