import type { Candidate } from '../../metrics/messages/ledger.ts';
import type { Destination } from '../../model/broker.ts';
import type { BrokerSight } from '../../runtime/launch.ts';
import type { KafkaRecord } from '../../wire/kafka/records/record.ts';
import type { ClusterLink } from './cluster-link.ts';
import { committedOf, createCompactionWatch, type PartitionRange, rangesOf, recordsFrom } from './offsets.ts';

/** The header of a message in which its id stands. */
const ID_HEADER = 'message-id';

/** What is known of the records of a partition that a group has still to commit. */
interface Uncommitted {
  topicId: string;
  leaderEpoch: number;
  /** Records from here on, and before `next`, are known. */
  from: number;
  next: number;
  /** What the group had committed when it was last asked; 0 for nothing. */
  committed: number;
  /** Where the newest record of each message is. */
  offsets: Map<string, number>;
  /** Of a compacted topic: where records are that were committed since it was last asked. */
  passed: Set<number>;
  /** Where records were that the topic has let go of before the group had committed them. */
  gone: Map<string, number>;
}

/**
 * Which messages a group has still to commit, by reading on what is there, and which of them the topic has let go of by its own
 * rules: retention, compaction, or somebody's order to delete.
 */
export function createHeld(link: ClusterLink, destinations: readonly Destination[]): BrokerSight['held'] {
  const known = new Map<string, Uncommitted>();
  const compaction = createCompactionWatch(link);
  /** Whoever confirmed a message there has it in every log of the partition that has got so far. */
  const isSafe = ({ topic, replicas }: PartitionRange): boolean =>
    replicas === 1 || destinations.find(({ name }) => name === topic)?.confirmedBy === 'all';

  /** Reads on, and sorts out what is committed and what is gone. */
  const readOn = async (
    before: Uncommitted | undefined,
    range: PartitionRange,
    committed: number,
    committedBefore: number,
    isCompacted: boolean,
  ): Promise<Uncommitted> => {
    const { topicId, leaderEpoch, start, end } = range;
    const last = before?.topicId === topicId ? before : undefined;
    const isSameLog = last?.leaderEpoch === leaderEpoch;
    const from = Math.max(start, committed);
    // What was compacted away shows in what is there still.
    const readFrom = isCompacted ? Math.max(start, Math.min(committed, committedBefore)) : from;
    const readsOn = last && isSameLog && !isCompacted && last.from <= from;
    const now: Uncommitted = {
      ...{ topicId, leaderEpoch, from, committed },
      // What came and went since then is not there to be read.
      next: readsOn ? Math.max(last.next, from) : readFrom,
      passed: new Set(),
      offsets: new Map(readsOn ? [...last.offsets].filter(([, offset]) => offset >= from) : []),
      gone: new Map(last ? [...last.gone].filter(([, offset]) => offset >= last.committed) : []),
    };
    while (now.next < end) {
      const { records, nextOffset } = await recordsFrom(link, range, now.next);
      for (const record of records) {
        const id = idOf(record);
        if (record.offset < from) now.passed.add(record.offset);
        else if (id !== null) now.offsets.set(id, record.offset);
      }
      if (nextOffset <= now.next) break;
      now.next = nextOffset;
    }
    // Another leader may lack what this one had; what is behind its beginning was there.
    for (const [id, offset] of last?.offsets ?? [])
      if (offset >= committed && (isSameLog || offset < start)) now.gone.set(id, offset);
    for (const id of now.offsets.keys()) now.gone.delete(id);
    return now;
  };

  /** Of a message that is not there to be read, and whose place is known. */
  const isDropped = (
    { wasTaken }: Candidate,
    { topicId, leaderEpoch, partition, offset }: Place,
    range: PartitionRange,
    { committed, next, passed }: Uncommitted,
    committedBefore: number,
    isCompacted: boolean,
  ): boolean => {
    if (topicId !== range.topicId || partition !== range.partition) return false;
    // A group that has got past it since the last look never had it, unless one of its consumers has begun it.
    const isPassed = offset < committed;
    if (isPassed && (offset < committedBefore || wasTaken)) return false;
    const isSameLog = leaderEpoch === range.leaderEpoch;
    if (offset < range.start) return isSameLog || isSafe(range);
    const isCompactedAway = isCompacted && !passed.has(offset) && (isSameLog || isSafe(range));
    return offset < next && (isCompactedAway || (isSameLog && !isPassed));
  };

  return async ({ destination, subscription }, asked) => {
    const { brokers, partitions } = await link.look([destination]);
    // Before the end of the log: what is committed meanwhile was taken, and its taker has written that down.
    const committedBy = (await committedOf(link, brokers)).get(subscription);
    const ranges = await rangesOf(link, partitions);
    const held = new Set<string>();
    const dropped = new Set<string>();
    const seen = new Map<string, Uncommitted>();
    for (const range of ranges) {
      const key = `${subscription} ${destination} ${range.partition}`;
      const committed = committedBy?.get(`${destination} ${range.partition}`) ?? 0;
      const before = known.get(key);
      const isCompacted = await compaction.isOn(range);
      // Of a group that nobody has asked about before, what is committed is taken to be read.
      const committedBefore = before?.topicId === range.topicId ? before.committed : committed;
      const now = await readOn(before, range, committed, committedBefore, isCompacted);
      seen.set(key, now);
      for (const candidate of asked) {
        const { id, position } = candidate;
        const place = placeOf(position);
        if (now.offsets.has(id) || (place && isBehindEnd(place, range))) held.add(id);
        else if (now.gone.has(id) || (place && isDropped(candidate, place, range, now, committedBefore, isCompacted)))
          dropped.add(id);
      }
    }
    // When all have answered: what is found out of some of them only, nobody is told of.
    for (const [key, now] of seen) known.set(key, now);
    for (const id of held) dropped.delete(id);
    return { held, dropped };
  };
}

const idOf = ({ headers }: KafkaRecord): string | null =>
  headers.find(([name]) => name === ID_HEADER)?.[1]?.toString() ?? null;

interface Place {
  topicId: string;
  leaderEpoch: number;
  partition: number;
  offset: number;
}

/** `topicId/leaderEpoch/partition/offset`, as the publisher has noted it. */
function placeOf(position: string): Place | null {
  const [topicId = '', epoch, partition, offset] = position.split('/');
  if (offset === undefined) return null;
  return { topicId, leaderEpoch: Number(epoch), partition: Number(partition), offset: Number(offset) };
}

/** Its leader has confirmed it, and shows it to consumers when its followers have it too. */
const isBehindEnd = (place: Place, { topicId, leaderEpoch, partition, end }: PartitionRange): boolean =>
  place.topicId === topicId &&
  place.leaderEpoch === leaderEpoch &&
  place.partition === partition &&
  place.offset >= end;
