import type { Group } from '../groups/group.ts';
import type { Joined } from '../groups/member.ts';
import type { apis } from '../protocol/apis.ts';
import { type ErrorName, errorCodes, KafkaError } from '../protocol/errors.ts';
import type { Handler, RequestContext } from './handler.ts';

const GROUP = 0;
const TRANSACTION = 1;

const FIRST_VERSION_WITH_KNOWN_IDS = 4;
const FIRST_VERSION_WITH_MANY_KEYS = 4;
const FIRST_VERSION_THAT_SKIPS_ASSIGNMENT = 9;

const codeOf = (error: ErrorName): number => errorCodes[error];

/** The error of what fails, by its name. */
const tried = (work: () => ErrorName): ErrorName => {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof KafkaError)) throw error;
    return error.error;
  }
};

export const findCoordinator: Handler<typeof apis.findCoordinator> = (request, { broker, listener, version }) => {
  const { keyType } = request;
  const find = (key: string) => {
    const refused = (error: ErrorName, errorMessage: string) => ({
      key,
      errorCode: codeOf(error),
      errorMessage,
      nodeId: -1,
      host: '',
      port: -1,
    });
    if (keyType !== GROUP && keyType !== TRANSACTION)
      return refused('INVALID_REQUEST', `There is no coordinator of type ${keyType}.`);
    const topic = keyType === GROUP ? broker.offsetsTopic : broker.transactionsTopic;
    const id = tried(() => {
      topic.ensure();
      return 'NONE';
    });
    const coordinator = id === 'NONE' ? topic.coordinatorOf(key) : -1;
    const address = broker.cluster.addresses(listener).find((each) => each.id === coordinator);
    if (!address) return refused('COORDINATOR_NOT_AVAILABLE', 'The coordinator is not available.');
    return {
      key,
      errorCode: codeOf('NONE'),
      errorMessage: version >= FIRST_VERSION_WITH_MANY_KEYS ? '' : 'NONE',
      nodeId: address.id,
      host: address.host,
      port: address.port,
    };
  };
  return version >= FIRST_VERSION_WITH_MANY_KEYS
    ? { coordinators: request.coordinatorKeys.map(find) }
    : { ...find(request.key), coordinators: [] };
};

export const joinGroup: Handler<typeof apis.joinGroup> = (request, { broker, version, clientId, connection }) => {
  const { groupId, sessionTimeoutMs, memberId } = request;
  const { groupMinSessionTimeoutMs, groupMaxSessionTimeoutMs } = broker.cluster.settings;
  const error = tried(() => {
    if (groupId === '') return 'INVALID_GROUP_ID';
    if (sessionTimeoutMs < groupMinSessionTimeoutMs || sessionTimeoutMs > groupMaxSessionTimeoutMs)
      return 'INVALID_SESSION_TIMEOUT';
    return broker.groups.find(groupId) || memberId === '' ? 'NONE' : 'UNKNOWN_MEMBER_ID';
  });
  if (error !== 'NONE') return { errorCode: codeOf(error), protocolName: null, leader: '', memberId, members: [] };
  return new Promise((resolve) => {
    broker.groups.findOrCreate(groupId).group.join(
      {
        memberId,
        instanceId: request.groupInstanceId,
        clientId: clientId ?? '',
        clientHost: connection.clientHost,
        sessionTimeoutMs,
        // The first version has one timeout for both. Without any time nobody would live to ask for what it was assigned.
        rebalanceTimeoutMs: request.rebalanceTimeoutMs <= 0 ? sessionTimeoutMs : request.rebalanceTimeoutMs,
        protocolType: request.protocolType,
        // They stay, the request does not.
        protocols: request.protocols.map(({ name, metadata }) => ({ name, metadata: Buffer.from(metadata) })),
        mustKnowId: version >= FIRST_VERSION_WITH_KNOWN_IDS,
        canSkipAssignment: version >= FIRST_VERSION_THAT_SKIPS_ASSIGNMENT,
      },
      ({ error: outcome, ...joined }: Joined) => resolve({ ...joined, errorCode: codeOf(outcome) }),
    );
  });
};

export const syncGroup: Handler<typeof apis.syncGroup> = (request, { broker }) => {
  const { groupId, memberId, generationId, groupInstanceId, protocolType, protocolName, assignments } = request;
  return new Promise((resolve) => {
    const error = tried(() => {
      const found = broker.groups.find(groupId);
      if (!found) return 'UNKNOWN_MEMBER_ID';
      found.group.sync(
        { memberId, instanceId: groupInstanceId, generationId, protocolType, protocolName, assignments },
        ({ error: outcome, ...synced }) => resolve({ ...synced, errorCode: codeOf(outcome) }),
      );
      return 'NONE';
    });
    if (error !== 'NONE') resolve({ errorCode: codeOf(error), assignment: Buffer.alloc(0) });
  });
};

export const heartbeat: Handler<typeof apis.heartbeat> = (request, { broker }) => ({
  errorCode: codeOf(
    tried(
      () =>
        broker.groups
          .find(request.groupId)
          ?.group.heartbeat(request.memberId, request.groupInstanceId, request.generationId) ?? 'UNKNOWN_MEMBER_ID',
    ),
  ),
});

export const leaveGroup: Handler<typeof apis.leaveGroup> = (request, { broker, version }) => {
  const leave = (group: Group | undefined, memberId: string, instanceId: string | null): ErrorName =>
    group ? group.leave(memberId, instanceId) : 'UNKNOWN_MEMBER_ID';
  let group: Group | undefined;
  const error = tried(() => {
    group = broker.groups.find(request.groupId)?.group;
    return 'NONE';
  });
  if (error !== 'NONE') return { errorCode: codeOf(error), members: [] };
  if (version < 3) return { errorCode: codeOf(leave(group, request.memberId, null)), members: [] };
  return {
    errorCode: errorCodes.NONE,
    members: request.members.map(({ memberId, groupInstanceId }) => ({
      memberId,
      groupInstanceId,
      errorCode: codeOf(leave(group, memberId, groupInstanceId)),
    })),
  };
};

export const describeGroups: Handler<typeof apis.describeGroups> = (request, { broker }) => ({
  groups: request.groups.map((groupId) => {
    let group: Group | undefined;
    const error = tried(() => {
      group = broker.groups.find(groupId)?.group;
      return 'NONE';
    });
    const protocol = group?.state === 'Stable' ? group.protocol : null;
    return {
      errorCode: codeOf(error),
      groupId,
      groupState: error === 'NONE' ? (group?.state ?? 'Dead') : '',
      protocolType: group?.protocolType ?? '',
      protocolData: protocol ?? '',
      members: [...(group?.members.values() ?? [])].map((member) => ({
        memberId: member.id,
        groupInstanceId: member.instanceId,
        clientId: member.clientId,
        clientHost: member.clientHost,
        memberMetadata: member.metadataFor(protocol),
        memberAssignment: member.assignment,
      })),
    };
  }),
});

export const listGroups: Handler<typeof apis.listGroups> = (request, { broker }) => {
  const states = request.statesFilter.map((state) => state.toLowerCase());
  const types = request.typesFilter.map((type) => type.toLowerCase());
  return {
    errorCode: errorCodes.NONE,
    groups: [...broker.groups.all]
      .filter(([, { group }]) => states.length === 0 || states.includes(group.state.toLowerCase()))
      .filter(() => types.length === 0 || types.includes('classic'))
      .map(([groupId, { group }]) => ({
        groupId,
        protocolType: group.protocolType ?? '',
        groupState: group.state,
        groupType: 'classic',
      })),
  };
};

export const deleteGroups: Handler<typeof apis.deleteGroups> = (request, { broker }: RequestContext) => ({
  results: request.groupsNames.map((groupId) => ({
    groupId,
    errorCode: codeOf(
      tried(() => {
        broker.groups.delete(groupId);
        return 'NONE';
      }),
    ),
  })),
});
