import { api } from '../api.ts';
import { arrayOf, boolean, int8, int16, int32, listOf, string, uuid } from '../fields.ts';

export const metadata = api({
  name: 'Metadata',
  key: 3,
  versions: '0-12',
  flexible: '9+',
  request: {
    topics: arrayOf(
      '0+',
      {
        topicId: uuid('10+'),
        name: string('0+', { nullable: '10+' }),
      },
      { nullable: '1+' },
    ),
    allowAutoTopicCreation: boolean('4+', { default: true }),
    includeClusterAuthorizedOperations: boolean('8-10'),
    includeTopicAuthorizedOperations: boolean('8+'),
  },
  response: {
    throttleTimeMs: int32('3+', { default: 0 }),
    brokers: arrayOf('0+', {
      nodeId: int32('0+'),
      host: string('0+'),
      port: int32('0+'),
      rack: string('1+', { nullable: '1+', default: null }),
    }),
    clusterId: string('2+', { nullable: '2+', default: null }),
    controllerId: int32('1+', { default: -1 }),
    topics: arrayOf('0+', {
      errorCode: int16('0+'),
      name: string('0+', { nullable: '12+' }),
      topicId: uuid('10+'),
      isInternal: boolean('1+', { default: false }),
      partitions: arrayOf('0+', {
        errorCode: int16('0+'),
        partitionIndex: int32('0+'),
        leaderId: int32('0+'),
        leaderEpoch: int32('7+', { default: -1 }),
        replicaNodes: listOf('0+', int32),
        isrNodes: listOf('0+', int32),
        offlineReplicas: listOf('5+', int32),
      }),
      topicAuthorizedOperations: int32('8+', { default: -2147483648 }),
    }),
    clusterAuthorizedOperations: int32('8-10', { default: -2147483648 }),
  },
});

export const describeCluster = api({
  name: 'DescribeCluster',
  key: 60,
  versions: '0-1',
  flexible: '0+',
  request: {
    includeClusterAuthorizedOperations: boolean('0+'),
    endpointType: int8('1+', { default: 1 }),
  },
  response: {
    throttleTimeMs: int32('0+', { default: 0 }),
    errorCode: int16('0+'),
    errorMessage: string('0+', { nullable: '0+', default: null }),
    endpointType: int8('1+', { default: 1 }),
    clusterId: string('0+'),
    controllerId: int32('0+', { default: -1 }),
    brokers: arrayOf('0+', {
      brokerId: int32('0+'),
      host: string('0+'),
      port: int32('0+'),
      rack: string('0+', { nullable: '0+', default: null }),
    }),
    clusterAuthorizedOperations: int32('0+', { default: -2147483648 }),
  },
});
