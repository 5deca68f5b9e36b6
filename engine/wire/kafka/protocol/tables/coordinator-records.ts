import { codecs } from '../codec.ts';
import { arrayOf, bytes, int8, int16, int32, int64, listOf, string } from '../fields.ts';

/* What the coordinators write into their own topics, in Apache Kafka's formats. Two bytes before each tell its version. */

export const offsetCommitKey = codecs(
  {
    group: string('0+'),
    topic: string('0+'),
    partition: int32('0+'),
  },
  undefined,
);

export const offsetCommitValue = codecs(
  {
    offset: int64('0+'),
    leaderEpoch: int32('3+', { default: -1 }),
    metadata: string('0+'),
    commitTimestamp: int64('0+'),
  },
  undefined,
);

export const groupMetadataKey = codecs({ group: string('0+') }, undefined);

export const groupMetadataValue = codecs(
  {
    protocolType: string('0+'),
    generation: int32('0+'),
    protocol: string('0+', { nullable: '0+' }),
    leader: string('0+', { nullable: '0+' }),
    currentStateTimestamp: int64('2+', { default: -1 }),
    members: arrayOf('0+', {
      memberId: string('0+'),
      groupInstanceId: string('3+', { nullable: '3+', default: null }),
      clientId: string('0+'),
      clientHost: string('0+'),
      rebalanceTimeout: int32('1+'),
      sessionTimeout: int32('0+'),
      subscription: bytes('0+'),
      assignment: bytes('0+'),
    }),
  },
  undefined,
);

export const transactionKey = codecs({ transactionalId: string('0+') }, undefined);

export const transactionValue = codecs(
  {
    producerId: int64('0+'),
    producerEpoch: int16('0+'),
    transactionTimeoutMs: int32('0+'),
    transactionStatus: int8('0+'),
    transactionPartitions: arrayOf(
      '0+',
      {
        topic: string('0+'),
        partitionIds: listOf('0+', int32),
      },
      { nullable: '0+' },
    ),
    transactionLastUpdateTimestampMs: int64('0+'),
    transactionStartTimestampMs: int64('0+'),
  },
  undefined,
);
