import { api } from '../api.ts';
import { arrayOf, int16, int32, int64, records, string, struct } from '../fields.ts';

export const produce = api({
  name: 'Produce',
  key: 0,
  versions: '3-11',
  flexible: '9+',
  request: {
    transactionalId: string('3+', { nullable: '3+', default: null }),
    acks: int16('0+'),
    timeoutMs: int32('0+'),
    topicData: arrayOf('0+', {
      name: string('0-12'),
      partitionData: arrayOf('0+', {
        index: int32('0+'),
        records: records('0+', { nullable: '0+' }),
      }),
    }),
  },
  response: {
    responses: arrayOf('0+', {
      name: string('0-12'),
      partitionResponses: arrayOf('0+', {
        index: int32('0+'),
        errorCode: int16('0+'),
        baseOffset: int64('0+'),
        logAppendTimeMs: int64('2+', { default: -1 }),
        logStartOffset: int64('5+', { default: -1 }),
        recordErrors: arrayOf('8+', {
          batchIndex: int32('8+'),
          batchIndexErrorMessage: string('8+', { nullable: '8+', default: null }),
        }),
        errorMessage: string('8+', { nullable: '8+', default: null }),
        currentLeader: struct(
          '10+',
          {
            leaderId: int32('10+', { default: -1 }),
            leaderEpoch: int32('10+', { default: -1 }),
          },
          { tag: 0 },
        ),
      }),
    }),
    throttleTimeMs: int32('1+', { default: 0 }),
    nodeEndpoints: arrayOf(
      '10+',
      {
        nodeId: int32('10+'),
        host: string('10+'),
        port: int32('10+'),
        rack: string('10+', { nullable: '10+', default: null }),
      },
      { tag: 0 },
    ),
  },
});

export const initProducerId = api({
  name: 'InitProducerId',
  key: 22,
  versions: '0-5',
  flexible: '2+',
  request: {
    transactionalId: string('0+', { nullable: '0+' }),
    transactionTimeoutMs: int32('0+'),
    producerId: int64('3+', { default: -1 }),
    producerEpoch: int16('3+', { default: -1 }),
  },
  response: {
    throttleTimeMs: int32('0+', { default: 0 }),
    errorCode: int16('0+'),
    producerId: int64('0+', { default: -1 }),
    producerEpoch: int16('0+'),
  },
});
