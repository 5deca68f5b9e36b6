import type { BrokerContext } from '../cluster/context.ts';
import type { apis } from '../protocol/apis.ts';
import { type ErrorName, errorCodes, KafkaError } from '../protocol/errors.ts';
import type { TopicPartition } from '../transactions/transaction.ts';
import type { Handler } from './handler.ts';
import { checkInTransaction, fencedOr } from './in-transaction.ts';
import { commitOffsets } from './offsets.ts';

const codeOf = (error: ErrorName | null): number => errorCodes[error ?? 'NONE'];

const FIRST_VERSION_WITH_FENCED = 2;
const FIRST_VERSION_OF_INIT_WITH_FENCED = 4;
const FIRST_VERSION_OF_COMMIT_WITH_ABORTABLE = 4;

/** The error code of what calls back, or fails at once. */
const outcome = (version: number, work: (done: (error: ErrorName | null) => void) => void): Promise<number> =>
  new Promise((resolve) => {
    const done = (error: ErrorName | null): void =>
      resolve(codeOf(fencedOr(error, version >= FIRST_VERSION_WITH_FENCED)));
    try {
      work(done);
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error;
      done(error.error);
    }
  });

export const initProducerId: Handler<typeof apis.initProducerId> = (request, { broker, version }) => {
  const { transactionalId, transactionTimeoutMs } = request;
  if (transactionalId === null)
    return { errorCode: errorCodes.NONE, producerId: broker.cluster.controller.nextProducerId(), producerEpoch: 0 };
  if (transactionalId === '') return { errorCode: errorCodes.INVALID_REQUEST, producerId: -1, producerEpoch: -1 };
  return new Promise((resolve) => {
    const done = (error: ErrorName | null, producerId: number, producerEpoch: number): void => {
      const told = fencedOr(error, version >= FIRST_VERSION_OF_INIT_WITH_FENCED);
      resolve({ errorCode: codeOf(told), producerId, producerEpoch });
    };
    try {
      broker.transactions.init(transactionalId, transactionTimeoutMs, request, done);
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error;
      done(error.error, -1, -1);
    }
  });
};

/** All, or none: one partition that is not there keeps the others out. */
export const addPartitionsToTxn: Handler<typeof apis.addPartitionsToTxn> = async (request, { broker, version }) => {
  const topics = request.v3AndBelowTopics;
  const asked: TopicPartition[] = topics.flatMap(({ name, partitions }) =>
    partitions.map((index) => ({ topic: name, index })),
  );
  const isUnknown = ({ topic, index }: TopicPartition): boolean =>
    broker.cluster.controller.topics.get(topic)?.partitions[index] === undefined;
  const hasUnknown = asked.some(isUnknown);
  const code = hasUnknown
    ? errorCodes.OPERATION_NOT_ATTEMPTED
    : await outcome(version, (done) =>
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

/** In which the offsets of a group are kept. */
function offsetsPartition({ offsetsTopic }: BrokerContext, groupId: string): TopicPartition {
  const { name } = offsetsTopic.ensure();
  return { topic: name, index: offsetsTopic.partitionOf(groupId) };
}

/** The offsets of the group are part of the transaction: in the partition in which they are kept. */
export const addOffsetsToTxn: Handler<typeof apis.addOffsetsToTxn> = async (request, { broker, version }) => {
  const { transactionalId, producerId, producerEpoch, groupId } = request;
  const partition = offsetsPartition(broker, groupId);
  return {
    errorCode: await outcome(version, (done) =>
      broker.transactions.addPartitions(transactionalId, producerId, producerEpoch, [partition], done),
    ),
  };
};

export const endTxn: Handler<typeof apis.endTxn> = async (request, { broker, version }) => {
  const { transactionalId, producerId, producerEpoch, committed } = request;
  return {
    errorCode: await outcome(version, (done) =>
      broker.transactions.end(transactionalId, producerId, producerEpoch, committed, done),
    ),
  };
};

export const txnOffsetCommit: Handler<typeof apis.txnOffsetCommit> = (request, context) => {
  const { transactionalId, groupId, producerId, producerEpoch, generationId, memberId, groupInstanceId } = request;
  const { broker, version } = context;
  const { groups } = broker;
  return commitOffsets(
    request.topics,
    context,
    () => {
      const partition = offsetsPartition(broker, groupId);
      const knowsAbortable = version >= FIRST_VERSION_OF_COMMIT_WITH_ABORTABLE;
      checkInTransaction(broker, transactionalId, request, partition, knowsAbortable);
      if (!groups.find(groupId) && generationId >= 0) return 'ILLEGAL_GENERATION';
      const { group } = groups.findOrCreate(groupId);
      // Older clients do not say who in the group they are.
      if (generationId < 0 && memberId === '') return null;
      return group.problemWithCommit(memberId, groupInstanceId, generationId);
    },
    (offsets, done) => groups.hold(groupId, offsets, { producerId, producerEpoch }, done),
  );
};
