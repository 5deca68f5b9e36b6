import type { Destination } from '../../model/broker.ts';
import type { BrokerSight, DestinationSeen } from '../../runtime/launch.ts';
import type { KafkaRecord } from '../../wire/kafka/records/record.ts';
import type { ClusterLink } from './cluster-link.ts';
import { committedOf, type PartitionRange, rangesOf, recordsFrom } from './offsets.ts';
import { rewindGroup } from './rewind.ts';

/** The header of a message in which its id stands. */
const ID_HEADER = 'message-id';

/** What is known of the records of a partition that a group has still to commit. */
interface Uncommitted {
  /** Of which log: a topic that is made anew, or a leader that has taken back what it alone had, has another. */
  log: string;
  /** Records from here on, and before `next`, are known. */
  from: number;
  next: number;
  /** Where the newest record of each message is. */
  offsets: Map<string, number>;
  /** Records that were there once and are gone by the rules of the topic. */
  gone: Set<string>;
}

/** What the topics hold, in requests of Kafka: the same for the embedded server and for any other. */
export function createKafkaSight(
  link: ClusterLink,
  destinations: readonly Destination[],
  compacted: ReadonlySet<string> = new Set(),
): BrokerSight {
  const names = destinations.map(({ name }) => name);
  const known = new Map<string, Uncommitted>();

  /** Of the first record that the group has still to commit. */
  const oldestIn = async (range: PartitionRange, from: number): Promise<number | null> => {
    if (from >= range.end) return null;
    const { records } = await recordsFrom(link, range, from, 1);
    return records[0]?.timestamp ?? null;
  };

  const lookAt = async (
    name: string,
    ranges: readonly PartitionRange[],
    committed: ReadonlyMap<string, ReadonlyMap<string, number>>,
  ): Promise<DestinationSeen> => {
    const fromIn = (offsets: ReadonlyMap<string, number> | undefined, { partition, start }: PartitionRange): number =>
      Math.max(start, offsets?.get(`${name} ${partition}`) ?? start);
    const lagOf = (offsets: ReadonlyMap<string, number> | undefined): number =>
      ranges.reduce((sum, range) => sum + Math.max(0, range.end - fromIn(offsets, range)), 0);
    const groups = [...committed.values()].filter((offsets) =>
      ranges.some(({ partition }) => offsets.has(`${name} ${partition}`)),
    );
    // Where nobody has committed anything, all of it waits.
    const [furthest] = groups.length === 0 ? [undefined] : groups.sort((a, b) => lagOf(b) - lagOf(a));
    const lag = lagOf(furthest);
    const oldest: number[] = [];
    for (const range of lag > 0 ? ranges : []) {
      const atMs = await oldestIn(range, fromIn(furthest, range));
      if (atMs !== null) oldest.push(atMs);
    }
    return {
      // What a process has in hand it has not committed, and Kafka knows nothing more of it.
      ...{ name, depth: lag, unacked: null, lag, setAside: 0 },
      oldestAtMs: oldest.length > 0 ? Math.min(...oldest) : null,
    };
  };

  /** Reads on, and forgets what is committed. */
  const readOn = async (group: string, range: PartitionRange, committed: number | undefined): Promise<Uncommitted> => {
    const { topic, topicId, leaderEpoch, partition, start, end } = range;
    const key = `${group} ${topic} ${partition}`;
    const log = `${topicId} ${leaderEpoch}`;
    const from = Math.max(start, committed ?? start);
    const before = known.get(key);
    const isOther = before?.log !== log || compacted.has(topic) || before.from > from;
    const now: Uncommitted = isOther
      ? { log, from, next: from, offsets: new Map(), gone: before?.log === log ? before.gone : new Set() }
      : before;
    known.set(key, now);
    if (isOther && before?.log === log && compacted.has(topic))
      for (const id of before.offsets.keys()) now.gone.add(id);
    while (now.next < end) {
      const { records, nextOffset } = await recordsFrom(link, range, now.next);
      for (const record of records) {
        const id = idOf(record);
        if (id !== null) now.offsets.set(id, record.offset);
      }
      if (nextOffset <= now.next) break;
      now.next = nextOffset;
    }
    for (const [id, offset] of now.offsets) {
      if (offset >= from) {
        now.gone.delete(id);
        continue;
      }
      now.offsets.delete(id);
      if (offset >= (committed ?? 0)) now.gone.add(id);
    }
    now.from = from;
    now.next = Math.max(now.next, from);
    return now;
  };

  return {
    async look() {
      const { brokers, partitions } = await link.look(names);
      const ranges = await rangesOf(link, partitions);
      const committed = await committedOf(link, brokers);
      const seen: DestinationSeen[] = [];
      for (const name of names)
        seen.push(
          await lookAt(
            name,
            ranges.filter(({ topic }) => topic === name),
            committed,
          ),
        );
      return seen;
    },
    async held({ destination, subscription }, asked) {
      const { brokers, partitions } = await link.look([destination]);
      // Before the end of the log: what is committed meanwhile was taken, and its taker has written that down.
      const committed = (await committedOf(link, brokers)).get(subscription);
      const ranges = await rangesOf(link, partitions);
      const held = new Set<string>();
      const dropped = new Set<string>();
      for (const range of ranges) {
        const upTo = committed?.get(`${destination} ${range.partition}`);
        const { offsets, gone, log } = await readOn(subscription, range, upTo);
        for (const { id, position } of asked) {
          const place = placeOf(position);
          const isHere = place?.log === log && place.partition === range.partition;
          // Its leader has confirmed it, and shows it to consumers when its followers have it too.
          if (offsets.has(id) || (isHere && place.offset >= range.end)) held.add(id);
          else if (gone.has(id) || (isHere && place.offset < range.start && place.offset >= (upTo ?? 0)))
            dropped.add(id);
        }
      }
      for (const id of held) dropped.delete(id);
      return { held, dropped };
    },
    rewind: (of) => rewindGroup(link, of),
  };
}

const idOf = ({ headers }: KafkaRecord): string | null =>
  headers.find(([name]) => name === ID_HEADER)?.[1]?.toString() ?? null;

/** `topicId leaderEpoch partition offset`, as the publisher has noted it. */
function placeOf(position: string): { log: string; partition: number; offset: number } | null {
  const [topicId, epoch, partition, offset] = position.split('/');
  if (offset === undefined) return null;
  return { log: `${topicId} ${epoch}`, partition: Number(partition), offset: Number(offset) };
}
