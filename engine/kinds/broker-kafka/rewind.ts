import { ArchipelError } from '../../model/error.ts';
import type { RewindTo } from '../../model/rewind.ts';
import { errorCodes } from '../../wire/kafka/protocol/errors.ts';
import { offsetCommit } from '../../wire/kafka/protocol/tables/offsets.ts';
import type { BrokerAddress, ClusterLink } from './cluster-link.ts';
import { committedOf, offsetsAt, type PartitionRange, rangesOf } from './offsets.ts';

/** Outside of a generation: what an administrator commits. */
const NO_GENERATION = -1;

/**
 * Commits an earlier position of a group in each partition of a topic, as `kafka-consumer-groups --reset-offsets` does. A
 * position that lies ahead of what is committed stays as it is. Resolves with how many records come again.
 */
export async function rewindGroup(
  link: ClusterLink,
  { destination, group, from }: { destination: string; group: string; from: RewindTo },
): Promise<number> {
  const { brokers, partitions } = await link.look([destination]);
  const ranges = await rangesOf(link, partitions);
  const { coordinator, committed } = await coordinatorOf(link, brokers, group);
  const wanted = await wantedIn(link, ranges, from);
  const back = ranges.flatMap((range) => {
    const before = committed.get(`${destination} ${range.partition}`);
    const offset = Math.max(range.start, wanted(range) ?? Number.POSITIVE_INFINITY);
    return before === undefined || offset >= before ? [] : [{ partition: range.partition, offset, before }];
  });
  if (back.length === 0) return 0;
  const { topics } = await link.ask(
    offsetCommit,
    5,
    {
      ...{ groupId: group, generationIdOrMemberEpoch: NO_GENERATION, memberId: '' },
      topics: [
        {
          name: destination,
          partitions: back.map(({ partition, offset }) => ({
            ...{ partitionIndex: partition, committedOffset: offset, committedMetadata: '' },
          })),
        },
      ],
    },
    coordinator,
  );
  const refused = topics.flatMap((topic) => topic.partitions).find(({ errorCode }) => errorCode !== errorCodes.NONE);
  if (refused)
    throw new ArchipelError(
      'wrong-state',
      `The group "${group}" was not set back: it has members, or its coordinator is away (error ${refused.errorCode}).`,
      'Kafka sets a group back while nobody is in it: scale its consumers to 0 first.',
    );
  return back.reduce((sum, { offset, before }) => sum + before - offset, 0);
}

/** The broker that keeps a group, and what it has committed. */
async function coordinatorOf(
  link: ClusterLink,
  brokers: readonly BrokerAddress[],
  group: string,
): Promise<{ coordinator: BrokerAddress; committed: ReadonlyMap<string, number> }> {
  for (const coordinator of brokers) {
    const committed = (await committedOf(link, [coordinator])).get(group);
    if (committed) return { coordinator, committed };
  }
  throw new ArchipelError('not-found', `There is no group "${group}".`, 'Name one that has read something.');
}

async function wantedIn(
  link: ClusterLink,
  ranges: readonly PartitionRange[],
  from: RewindTo,
): Promise<(range: PartitionRange) => number | null> {
  if (from.type === 'earliest') return ({ start }) => start;
  if (from.type === 'offset') return () => Number(from.offset.split('-')[0]);
  const offsets = await offsetsAt(link, ranges, Date.now() - from.agoMs);
  return ({ partition }) => offsets.get(partition) ?? null;
}
