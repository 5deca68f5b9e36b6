import { api } from '../api.ts';
import { arrayOf, boolean, int16, int32, int64, listOf, string } from '../fields.ts';

export const offsetCommit = api({
  name: 'OffsetCommit',
  key: 8,
  versions: '2-9',
  flexible: '8+',
  request: {
    groupId: string('0+'),
    generationIdOrMemberEpoch: int32('1+', { default: -1 }),
    memberId: string('1+'),
    groupInstanceId: string('7+', { nullable: '7+', default: null }),
    retentionTimeMs: int64('2-4', { default: -1 }),
    topics: arrayOf('0+', {
      name: string('0-9'),
      partitions: arrayOf('0+', {
        partitionIndex: int32('0+'),
        committedOffset: int64('0+'),
        committedLeaderEpoch: int32('6+', { default: -1 }),
        committedMetadata: string('0+', { nullable: '0+' }),
      }),
    }),
  },
  response: {
    throttleTimeMs: int32('3+', { default: 0 }),
    topics: arrayOf('0+', {
      name: string('0-9'),
      partitions: arrayOf('0+', {
        partitionIndex: int32('0+'),
        errorCode: int16('0+'),
      }),
    }),
  },
});

export const offsetFetch = api({
  name: 'OffsetFetch',
  key: 9,
  versions: '1-9',
  flexible: '6+',
  request: {
    groupId: string('0-7'),
    topics: arrayOf(
      '0-7',
      {
        name: string('0-7'),
        partitionIndexes: listOf('0-7', int32),
      },
      { nullable: '2-7' },
    ),
    groups: arrayOf('8+', {
      groupId: string('8+'),
      memberId: string('9+', { nullable: '9+', default: null }),
      memberEpoch: int32('9+', { default: -1 }),
      topics: arrayOf(
        '8+',
        {
          name: string('8-9'),
          partitionIndexes: listOf('8+', int32),
        },
        { nullable: '8+' },
      ),
    }),
    requireStable: boolean('7+', { default: false }),
  },
  response: {
    throttleTimeMs: int32('3+', { default: 0 }),
    topics: arrayOf('0-7', {
      name: string('0-7'),
      partitions: arrayOf('0-7', {
        partitionIndex: int32('0-7'),
        committedOffset: int64('0-7'),
        committedLeaderEpoch: int32('5-7', { default: -1 }),
        metadata: string('0-7', { nullable: '0-7' }),
        errorCode: int16('0-7'),
      }),
    }),
    errorCode: int16('2-7'),
    groups: arrayOf('8+', {
      groupId: string('8+'),
      topics: arrayOf('8+', {
        name: string('8-9'),
        partitions: arrayOf('8+', {
          partitionIndex: int32('8+'),
          committedOffset: int64('8+'),
          committedLeaderEpoch: int32('8+', { default: -1 }),
          metadata: string('8+', { nullable: '8+' }),
          errorCode: int16('8+'),
        }),
      }),
      errorCode: int16('8+'),
    }),
  },
});

export const offsetDelete = api({
  name: 'OffsetDelete',
  key: 47,
  versions: '0-0',
  request: {
    groupId: string('0+'),
    topics: arrayOf('0+', {
      name: string('0+'),
      partitions: arrayOf('0+', {
        partitionIndex: int32('0+'),
      }),
    }),
  },
  response: {
    errorCode: int16('0+'),
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
