import type { Destination } from '../../model/broker.ts';
import type { BrokerSight, DestinationSeen } from '../../runtime/launch.ts';
import type { ClusterLink } from './cluster-link.ts';
import { createHeld } from './held.ts';
import { committedOf, type PartitionRange, rangesOf, recordsFrom } from './offsets.ts';
import { peekTopic } from './peek.ts';
import { rewindGroup } from './rewind.ts';

/** What the topics hold, in requests of Kafka: the same for the embedded server and for any other. */
export function createKafkaSight(link: ClusterLink, destinations: readonly Destination[]): BrokerSight {
  const names = destinations.map(({ name }) => name);

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
    held: createHeld(link, destinations),
    rewind: (of) => rewindGroup(link, of),
    peek: (of) => peekTopic(link, of),
  };
}
