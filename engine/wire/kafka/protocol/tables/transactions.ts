import { api } from '../api.ts';
import { arrayOf, boolean, int16, int32, int64, listOf, string } from '../fields.ts';

export const addPartitionsToTxn = api({
  name: 'AddPartitionsToTxn',
  key: 24,
  versions: '0-3',
  flexible: '3+',
  request: {
    v3AndBelowTransactionalId: string('0-3'),
    v3AndBelowProducerId: int64('0-3'),
    v3AndBelowProducerEpoch: int16('0-3'),
    v3AndBelowTopics: arrayOf('0-3', {
      name: string('0+'),
      partitions: listOf('0+', int32),
    }),
  },
  response: {
    throttleTimeMs: int32('0+', { default: 0 }),
    resultsByTopicV3AndBelow: arrayOf('0-3', {
      name: string('0+'),
      resultsByPartition: arrayOf('0+', {
        partitionIndex: int32('0+'),
        partitionErrorCode: int16('0+'),
      }),
    }),
  },
});

export const addOffsetsToTxn = api({
  name: 'AddOffsetsToTxn',
  key: 25,
  versions: '0-4',
  flexible: '3+',
  request: {
    transactionalId: string('0+'),
    producerId: int64('0+'),
    producerEpoch: int16('0+'),
    groupId: string('0+'),
  },
  response: {
    throttleTimeMs: int32('0+', { default: 0 }),
    errorCode: int16('0+'),
  },
});

export const endTxn = api({
  name: 'EndTxn',
  key: 26,
  versions: '0-4',
  flexible: '3+',
  request: {
    transactionalId: string('0+'),
    producerId: int64('0+'),
    producerEpoch: int16('0+'),
    committed: boolean('0+'),
  },
  response: {
    throttleTimeMs: int32('0+', { default: 0 }),
    errorCode: int16('0+'),
  },
});

export const txnOffsetCommit = api({
  name: 'TxnOffsetCommit',
  key: 28,
  versions: '0-4',
  flexible: '3+',
  request: {
    transactionalId: string('0+'),
    groupId: string('0+'),
    producerId: int64('0+'),
    producerEpoch: int16('0+'),
    generationId: int32('3+', { default: -1 }),
    memberId: string('3+'),
    groupInstanceId: string('3+', { nullable: '3+', default: null }),
    topics: arrayOf('0+', {
      name: string('0+'),
      partitions: arrayOf('0+', {
        partitionIndex: int32('0+'),
        committedOffset: int64('0+'),
        committedLeaderEpoch: int32('2+', { default: -1 }),
        committedMetadata: string('0+', { nullable: '0+' }),
      }),
    }),
  },
  response: {
    throttleTimeMs: int32('0+', { default: 0 }),
    topics: arrayOf('0+', {
      name: string('0+'),
      partitions: arrayOf('0+', {
        partitionIndex: int32('0+'),
        errorCode: int16('0+'),
      }),
    }),
  },
});
