import type { Group } from '../groups/group.ts';
import type { PartitionOffset } from '../groups/offsets.ts';
import { subscriptionOf } from '../groups/subscription.ts';
import type { apis } from '../protocol/apis.ts';
import { type ErrorName, errorCodes, KafkaError } from '../protocol/errors.ts';
import type { Handler, RequestContext } from './handler.ts';

/** Kafka's `offset.metadata.max.bytes`. */
const MAX_METADATA_BYTES = 4096;
const NO_OFFSET = -1;

interface CommitTopic {
  name: string;
  partitions: {
    partitionIndex: number;
    committedOffset: number;
    committedLeaderEpoch: number;
    committedMetadata: string | null;
  }[];
}

interface CommitOutcome {
  topics: { name: string; partitions: { partitionIndex: number; errorCode: number }[] }[];
}

/** Looks at each partition by itself; what can be committed is given to `commit`, and the rest refused. */
export function commitOffsets(
  topics: readonly CommitTopic[],
  { broker }: RequestContext,
  check: () => ErrorName | null,
  commit: (offsets: readonly PartitionOffset[], done: (error: ErrorName | null) => void) => void,
): Promise<CommitOutcome> {
  const { controller, now } = broker.cluster;
  const isThere = (name: string, index: number): boolean =>
    controller.topics.get(name)?.partitions[index] !== undefined;
  // Nothing is asked of the group for partitions that are not there.
  const problem = topics.some(({ name, partitions }) => partitions.some((each) => isThere(name, each.partitionIndex)))
    ? problemOf(check)
    : null;
  const accepted: PartitionOffset[] = [];
  const outcomes = topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map((given) => {
      const { partitionIndex, committedMetadata } = given;
      const metadata = committedMetadata ?? '';
      const isTooLarge = Buffer.byteLength(metadata) > MAX_METADATA_BYTES;
      const own: ErrorName | null = isThere(name, partitionIndex)
        ? (problem ?? (isTooLarge ? 'OFFSET_METADATA_TOO_LARGE' : null))
        : 'UNKNOWN_TOPIC_OR_PARTITION';
      if (own === null)
        accepted.push({
          topic: name,
          partition: partitionIndex,
          offset: given.committedOffset,
          leaderEpoch: given.committedLeaderEpoch,
          metadata,
          committedAtMs: now(),
        });
      return { partitionIndex, errorCode: errorCodes[own ?? 'NONE'] as number };
    }),
  }));
  if (accepted.length === 0) return Promise.resolve({ topics: outcomes });
  return new Promise((resolve) => {
    commit(accepted, (error) => {
      if (error)
        for (const { partitions } of outcomes)
          for (const each of partitions) if (each.errorCode === 0) each.errorCode = errorCodes[error];
      resolve({ topics: outcomes });
    });
  });
}

function problemOf(check: () => ErrorName | null): ErrorName | null {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof KafkaError)) throw error;
    return error.error;
  }
}

export const offsetCommit: Handler<typeof apis.offsetCommit> = (request, context) => {
  const { groupId, memberId, groupInstanceId, generationIdOrMemberEpoch } = request;
  const { groups } = context.broker;
  return commitOffsets(
    request.topics,
    context,
    () => {
      if (groupId === '') return 'INVALID_GROUP_ID';
      if (!groups.find(groupId) && generationIdOrMemberEpoch >= 0) return 'ILLEGAL_GENERATION';
      return groups.findOrCreate(groupId).group.problemWithCommit(memberId, groupInstanceId, generationIdOrMemberEpoch);
    },
    (offsets, done) => groups.commit(groupId, offsets, done),
  );
};

export const offsetFetch: Handler<typeof apis.offsetFetch> = (request, { broker, version }) => {
  const fetchGroup = (groupId: string, topics: readonly { name: string; partitionIndexes: number[] }[] | null) => {
    try {
      const offsets = broker.groups.find(groupId)?.offsets;
      const one = (topic: string, partitionIndex: number) => {
        const isUnstable = request.requireStable && offsets?.isUnstable(topic, partitionIndex) === true;
        const committed = isUnstable ? undefined : offsets?.get(topic, partitionIndex);
        return {
          partitionIndex,
          committedOffset: committed?.offset ?? NO_OFFSET,
          committedLeaderEpoch: committed?.leaderEpoch ?? -1,
          metadata: committed?.metadata ?? '',
          errorCode: (isUnstable ? errorCodes.UNSTABLE_OFFSET_COMMIT : errorCodes.NONE) as number,
        };
      };
      const asked = topics ?? everything([...(offsets?.all() ?? [])]);
      return {
        errorCode: errorCodes.NONE as number,
        topics: asked.map(({ name, partitionIndexes }) => ({
          name,
          partitions: partitionIndexes.map((partition) => one(name, partition)),
        })),
      };
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error;
      return { errorCode: error.code, topics: [] };
    }
  };
  if (version < 8) return { ...fetchGroup(request.groupId, request.topics), groups: [] };
  return { groups: request.groups.map(({ groupId, topics }) => ({ groupId, ...fetchGroup(groupId, topics) })) };
};

function everything(offsets: readonly PartitionOffset[]): { name: string; partitionIndexes: number[] }[] {
  const byTopic = new Map<string, number[]>();
  for (const { topic, partition } of offsets) byTopic.set(topic, [...(byTopic.get(topic) ?? []), partition]);
  return [...byTopic].map(([name, partitionIndexes]) => ({ name, partitionIndexes }));
}

export const offsetDelete: Handler<typeof apis.offsetDelete> = (request, { broker }) => {
  try {
    const found = broker.groups.find(request.groupId);
    if (!found) return { errorCode: errorCodes.GROUP_ID_NOT_FOUND, topics: [] };
    const topics = request.topics.map(({ name, partitions }) => {
      const isSubscribed = subscribes(found.group, name);
      if (!isSubscribed)
        broker.groups.deleteOffsets(
          request.groupId,
          partitions.map(({ partitionIndex }) => ({ topic: name, partition: partitionIndex })),
        );
      const errorCode = isSubscribed ? errorCodes.GROUP_SUBSCRIBED_TO_TOPIC : errorCodes.NONE;
      return { name, partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode })) };
    });
    return { errorCode: errorCodes.NONE, topics };
  } catch (error) {
    if (!(error instanceof KafkaError)) throw error;
    return { errorCode: error.code, topics: [] };
  }
};

const subscribes = (group: Group, topic: string): boolean =>
  [...group.members.values()].some((member) =>
    subscriptionOf(member.metadataFor(group.protocol ?? member.protocols[0]?.name ?? '')).includes(topic),
  );
