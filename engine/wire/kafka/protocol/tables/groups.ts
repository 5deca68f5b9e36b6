import { api } from '../api.ts';
import { arrayOf, boolean, bytes, int8, int16, int32, listOf, string } from '../fields.ts';

export const findCoordinator = api({
  name: 'FindCoordinator',
  key: 10,
  versions: '0-6',
  flexible: '3+',
  request: {
    key: string('0-3'),
    keyType: int8('1+'),
    coordinatorKeys: listOf('4+', string),
  },
  response: {
    throttleTimeMs: int32('1+', { default: 0 }),
    errorCode: int16('0-3'),
    errorMessage: string('1-3', { nullable: '1-3', default: null }),
    nodeId: int32('0-3'),
    host: string('0-3'),
    port: int32('0-3'),
    coordinators: arrayOf('4+', {
      key: string('4+'),
      nodeId: int32('4+'),
      host: string('4+'),
      port: int32('4+'),
      errorCode: int16('4+'),
      errorMessage: string('4+', { nullable: '4+', default: null }),
    }),
  },
});

export const joinGroup = api({
  name: 'JoinGroup',
  key: 11,
  versions: '0-9',
  flexible: '6+',
  request: {
    groupId: string('0+'),
    sessionTimeoutMs: int32('0+'),
    rebalanceTimeoutMs: int32('1+', { default: -1 }),
    memberId: string('0+'),
    groupInstanceId: string('5+', { nullable: '5+', default: null }),
    protocolType: string('0+'),
    protocols: arrayOf('0+', {
      name: string('0+'),
      metadata: bytes('0+'),
    }),
    reason: string('8+', { nullable: '8+', default: null }),
  },
  response: {
    throttleTimeMs: int32('2+', { default: 0 }),
    errorCode: int16('0+'),
    generationId: int32('0+', { default: -1 }),
    protocolType: string('7+', { nullable: '7+', default: null }),
    protocolName: string('0+', { nullable: '7+' }),
    leader: string('0+'),
    skipAssignment: boolean('9+', { default: false }),
    memberId: string('0+'),
    members: arrayOf('0+', {
      memberId: string('0+'),
      groupInstanceId: string('5+', { nullable: '5+', default: null }),
      metadata: bytes('0+'),
    }),
  },
});

export const syncGroup = api({
  name: 'SyncGroup',
  key: 14,
  versions: '0-5',
  flexible: '4+',
  request: {
    groupId: string('0+'),
    generationId: int32('0+'),
    memberId: string('0+'),
    groupInstanceId: string('3+', { nullable: '3+', default: null }),
    protocolType: string('5+', { nullable: '5+', default: null }),
    protocolName: string('5+', { nullable: '5+', default: null }),
    assignments: arrayOf('0+', {
      memberId: string('0+'),
      assignment: bytes('0+'),
    }),
  },
  response: {
    throttleTimeMs: int32('1+', { default: 0 }),
    errorCode: int16('0+'),
    protocolType: string('5+', { nullable: '5+', default: null }),
    protocolName: string('5+', { nullable: '5+', default: null }),
    assignment: bytes('0+'),
  },
});

export const heartbeat = api({
  name: 'Heartbeat',
  key: 12,
  versions: '0-4',
  flexible: '4+',
  request: {
    groupId: string('0+'),
    generationId: int32('0+'),
    memberId: string('0+'),
    groupInstanceId: string('3+', { nullable: '3+', default: null }),
  },
  response: {
    throttleTimeMs: int32('1+', { default: 0 }),
    errorCode: int16('0+'),
  },
});

export const leaveGroup = api({
  name: 'LeaveGroup',
  key: 13,
  versions: '0-5',
  flexible: '4+',
  request: {
    groupId: string('0+'),
    memberId: string('0-2'),
    members: arrayOf('3+', {
      memberId: string('3+'),
      groupInstanceId: string('3+', { nullable: '3+', default: null }),
      reason: string('5+', { nullable: '5+', default: null }),
    }),
  },
  response: {
    throttleTimeMs: int32('1+', { default: 0 }),
    errorCode: int16('0+'),
    members: arrayOf('3+', {
      memberId: string('3+'),
      groupInstanceId: string('3+', { nullable: '3+' }),
      errorCode: int16('3+'),
    }),
  },
});

export const describeGroups = api({
  name: 'DescribeGroups',
  key: 15,
  versions: '0-5',
  flexible: '5+',
  request: {
    groups: listOf('0+', string),
    includeAuthorizedOperations: boolean('3+'),
  },
  response: {
    throttleTimeMs: int32('1+', { default: 0 }),
    groups: arrayOf('0+', {
      errorCode: int16('0+'),
      groupId: string('0+'),
      groupState: string('0+'),
      protocolType: string('0+'),
      protocolData: string('0+'),
      members: arrayOf('0+', {
        memberId: string('0+'),
        groupInstanceId: string('4+', { nullable: '4+', default: null }),
        clientId: string('0+'),
        clientHost: string('0+'),
        memberMetadata: bytes('0+'),
        memberAssignment: bytes('0+'),
      }),
      authorizedOperations: int32('3+', { default: -2147483648 }),
    }),
  },
});

export const listGroups = api({
  name: 'ListGroups',
  key: 16,
  versions: '0-5',
  flexible: '3+',
  request: {
    statesFilter: listOf('4+', string),
    typesFilter: listOf('5+', string),
  },
  response: {
    throttleTimeMs: int32('1+', { default: 0 }),
    errorCode: int16('0+'),
    groups: arrayOf('0+', {
      groupId: string('0+'),
      protocolType: string('0+'),
      groupState: string('4+'),
      groupType: string('5+'),
    }),
  },
});

export const deleteGroups = api({
  name: 'DeleteGroups',
  key: 42,
  versions: '0-2',
  flexible: '2+',
  request: {
    groupsNames: listOf('0+', string),
  },
  response: {
    throttleTimeMs: int32('0+', { default: 0 }),
    results: arrayOf('0+', {
      groupId: string('0+'),
      errorCode: int16('0+'),
    }),
  },
});
