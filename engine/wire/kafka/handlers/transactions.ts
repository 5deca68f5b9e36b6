import type { apis } from '../protocol/apis.ts';
import { type ErrorName, errorCodes, KafkaError } from '../protocol/errors.ts';
import type { TopicPartition } from '../transactions/transaction.ts';
import type { Handler } from './handler.ts';
import { commitOffsets } from './offsets.ts';

const codeOf = (error: ErrorName | null): number => errorCodes[error ?? 'NONE'];

/** The error code of what calls back, or fails at once. */
const outcome = (work: (done: (error: ErrorName | null) => void) => void): Promise<number> =>
  new Promise((resolve) => {
    try {
      work((error) => resolve(codeOf(error)));
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error;
      resolve(error.code);
    }
  });

export const initProducerId: Handler<typeof apis.initProducerId> = (request, { broker }) => {
  const { transactionalId, transactionTimeoutMs } = request;
  if (transactionalId === null)
    return { errorCode: errorCodes.NONE, producerId: broker.cluster.controller.nextProducerId(), producerEpoch: 0 };
  if (transactionalId === '') return { errorCode: errorCodes.INVALID_REQUEST, producerId: -1, producerEpoch: -1 };
  return new Promise((resolve) => {
    try {
      broker.transactions.init(transactionalId, transactionTimeoutMs, request, (error, producerId, producerEpoch) =>
        resolve({ errorCode: codeOf(error), producerId, producerEpoch }),
      );
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error;
      resolve({ errorCode: error.code, producerId: -1, producerEpoch: -1 });
    }
  });
};

/** All, or none: one partition that is not there keeps the others out. */
export const addPartitionsToTxn: Handler<typeof apis.addPartitionsToTxn> = async (request, { broker }) => {
  const topics = request.v3AndBelowTopics;
  const asked: TopicPartition[] = topics.flatMap(({ name, partitions }) =>
    partitions.map((index) => ({ topic: name, index })),
  );
  const isUnknown = ({ topic, index }: TopicPartition): boolean =>
    broker.cluster.controller.topics.get(topic)?.partitions[index] === undefined;
  const hasUnknown = asked.some(isUnknown);
  const code = hasUnknown
    ? errorCodes.OPERATION_NOT_ATTEMPTED
    : await outcome((done) =>
        broker.transactions.addPartitions(
          request.v3AndBelowTransactionalId,
          request.v3AndBelowProducerId,
          request.v3AndBelowProducerEpoch,
          asked,
          done,
        ),
      );
  return {
    resultsByTopicV3AndBelow: topics.map(({ name, partitions }) => ({
      name,
      resultsByPartition: partitions.map((partitionIndex) => ({
        partitionIndex,
        partitionErrorCode: isUnknown({ topic: name, index: partitionIndex })
          ? errorCodes.UNKNOWN_TOPIC_OR_PARTITION
          : code,
      })),
    })),
  };
};

/** The offsets of the group are part of the transaction: in the partition in which they are kept. */
export const addOffsetsToTxn: Handler<typeof apis.addOffsetsToTxn> = async (request, { broker }) => {
  const { transactionalId, producerId, producerEpoch, groupId } = request;
  const { offsetsTopic } = broker;
  const { name } = offsetsTopic.ensure();
  const partition = { topic: name, index: offsetsTopic.partitionOf(groupId) };
  return {
    errorCode: await outcome((done) =>
      broker.transactions.addPartitions(transactionalId, producerId, producerEpoch, [partition], done),
    ),
  };
};

export const endTxn: Handler<typeof apis.endTxn> = async (request, { broker }) => {
  const { transactionalId, producerId, producerEpoch, committed } = request;
  return {
    errorCode: await outcome((done) =>
      broker.transactions.end(transactionalId, producerId, producerEpoch, committed, done),
    ),
  };
};

export const txnOffsetCommit: Handler<typeof apis.txnOffsetCommit> = (request, context) => {
  const { groupId, producerId, producerEpoch, generationId, memberId, groupInstanceId } = request;
  const { groups } = context.broker;
  return commitOffsets(
    request.topics,
    context,
    () => {
      const { group } = groups.findOrCreate(groupId);
      // Older clients do not say who in the group they are.
      if (generationId < 0 && memberId === '') return null;
      return group.problemWithCommit(memberId, groupInstanceId, generationId);
    },
    (offsets, done) => groups.hold(groupId, offsets, { producerId, producerEpoch }, done),
  );
};
