import { api } from '../api.ts';
import { arrayOf, boolean, int8, int16, int32, int64, listOf, string, uuid } from '../fields.ts';

export const createTopics = api({
  name: 'CreateTopics',
  key: 19,
  versions: '2-7',
  flexible: '5+',
  request: {
    topics: arrayOf('0+', {
      name: string('0+'),
      numPartitions: int32('0+'),
      replicationFactor: int16('0+'),
      assignments: arrayOf('0+', {
        partitionIndex: int32('0+'),
        brokerIds: listOf('0+', int32),
      }),
      configs: arrayOf('0+', {
        name: string('0+'),
        value: string('0+', { nullable: '0+' }),
      }),
    }),
    timeoutMs: int32('0+', { default: 60000 }),
    validateOnly: boolean('1+', { default: false }),
  },
  response: {
    throttleTimeMs: int32('2+', { default: 0 }),
    topics: arrayOf('0+', {
      name: string('0+'),
      topicId: uuid('7+'),
      errorCode: int16('0+'),
      errorMessage: string('1+', { nullable: '0+', default: null }),
      topicConfigErrorCode: int16('5+', { tag: 0 }),
      numPartitions: int32('5+', { default: -1 }),
      replicationFactor: int16('5+', { default: -1 }),
      configs: arrayOf(
        '5+',
        {
          name: string('5+'),
          value: string('5+', { nullable: '5+' }),
          readOnly: boolean('5+'),
          configSource: int8('5+', { default: -1 }),
          isSensitive: boolean('5+'),
        },
        { nullable: '5+' },
      ),
    }),
  },
});

export const deleteTopics = api({
  name: 'DeleteTopics',
  key: 20,
  versions: '1-6',
  flexible: '4+',
  request: {
    topics: arrayOf('6+', {
      name: string('6+', { nullable: '6+', default: null }),
      topicId: uuid('6+'),
    }),
    topicNames: listOf('0-5', string),
    timeoutMs: int32('0+'),
  },
  response: {
    throttleTimeMs: int32('1+', { default: 0 }),
    responses: arrayOf('0+', {
      name: string('0+', { nullable: '6+' }),
      topicId: uuid('6+'),
      errorCode: int16('0+'),
      errorMessage: string('5+', { nullable: '5+', default: null }),
    }),
  },
});

export const createPartitions = api({
  name: 'CreatePartitions',
  key: 37,
  versions: '0-3',
  flexible: '2+',
  request: {
    topics: arrayOf('0+', {
      name: string('0+'),
      count: int32('0+'),
      assignments: arrayOf(
        '0+',
        {
          brokerIds: listOf('0+', int32),
        },
        { nullable: '0+' },
      ),
    }),
    timeoutMs: int32('0+'),
    validateOnly: boolean('0+'),
  },
  response: {
    throttleTimeMs: int32('0+', { default: 0 }),
    results: arrayOf('0+', {
      name: string('0+'),
      errorCode: int16('0+'),
      errorMessage: string('0+', { nullable: '0+', default: null }),
    }),
  },
});

export const deleteRecords = api({
  name: 'DeleteRecords',
  key: 21,
  versions: '0-2',
  flexible: '2+',
  request: {
    topics: arrayOf('0+', {
      name: string('0+'),
      partitions: arrayOf('0+', {
        partitionIndex: int32('0+'),
        offset: int64('0+'),
      }),
    }),
    timeoutMs: int32('0+'),
  },
  response: {
    throttleTimeMs: int32('0+', { default: 0 }),
    topics: arrayOf('0+', {
      name: string('0+'),
      partitions: arrayOf('0+', {
        partitionIndex: int32('0+'),
        lowWatermark: int64('0+'),
        errorCode: int16('0+'),
      }),
    }),
  },
});

export const alterPartitionReassignments = api({
  name: 'AlterPartitionReassignments',
  key: 45,
  versions: '0-1',
  flexible: '0+',
  request: {
    timeoutMs: int32('0+', { default: 60000 }),
    allowReplicationFactorChange: boolean('1+', { default: true }),
    topics: arrayOf('0+', {
      name: string('0+'),
      partitions: arrayOf('0+', {
        partitionIndex: int32('0+'),
        replicas: listOf('0+', int32, { nullable: '0+', default: null }),
      }),
    }),
  },
  response: {
    throttleTimeMs: int32('0+', { default: 0 }),
    allowReplicationFactorChange: boolean('1+', { default: true }),
    errorCode: int16('0+'),
    errorMessage: string('0+', { nullable: '0+', default: null }),
    responses: arrayOf('0+', {
      name: string('0+'),
      partitions: arrayOf('0+', {
        partitionIndex: int32('0+'),
        errorCode: int16('0+'),
        errorMessage: string('0+', { nullable: '0+', default: null }),
      }),
    }),
  },
});

export const listPartitionReassignments = api({
  name: 'ListPartitionReassignments',
  key: 46,
  versions: '0',
  flexible: '0+',
  request: {
    timeoutMs: int32('0+', { default: 60000 }),
    topics: arrayOf(
      '0+',
      {
        name: string('0+'),
        partitionIndexes: listOf('0+', int32),
      },
      { nullable: '0+', default: null },
    ),
  },
  response: {
    throttleTimeMs: int32('0+', { default: 0 }),
    errorCode: int16('0+'),
    errorMessage: string('0+', { nullable: '0+', default: null }),
    topics: arrayOf('0+', {
      name: string('0+'),
      partitions: arrayOf('0+', {
        partitionIndex: int32('0+'),
        replicas: listOf('0+', int32),
        addingReplicas: listOf('0+', int32),
        removingReplicas: listOf('0+', int32),
      }),
    }),
  },
});
