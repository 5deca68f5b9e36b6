import { describeConfigs } from '../../wire/kafka/protocol/tables/configs.ts';
import { fetch, listOffsets } from '../../wire/kafka/protocol/tables/fetch.ts';
import { listGroups } from '../../wire/kafka/protocol/tables/groups.ts';
import { offsetFetch } from '../../wire/kafka/protocol/tables/offsets.ts';
import { batchesIn } from '../../wire/kafka/records/batch.ts';
import { type KafkaRecord, recordsOf } from '../../wire/kafka/records/record.ts';
import type { BrokerAddress, ClusterLink, SeenPartition } from './cluster-link.ts';

const LATEST = -1;
const EARLIEST = -2;
const MAX_BYTES = 4 * 1024 * 1024;

/** A partition that somebody leads, with the offsets of what it has. */
export interface PartitionRange extends SeenPartition {
  leader: BrokerAddress;
  /** Of the first record that it has. */
  start: number;
  /** Consumers get what is before. */
  end: number;
}

/** By their leaders, so that each is asked once. */
function byLeader<P extends SeenPartition>(partitions: readonly P[]): [BrokerAddress, P[]][] {
  const grouped = new Map<string, [BrokerAddress, P[]]>();
  for (const partition of partitions) {
    if (!partition.leader) continue;
    const key = `${partition.leader.host}:${partition.leader.port}`;
    const [, members] = grouped.get(key) ?? [partition.leader, []];
    grouped.set(key, [partition.leader, [...members, partition]]);
  }
  return [...grouped.values()];
}

const asTopics = <P extends SeenPartition, T>(partitions: readonly P[], ask: (partition: P) => T) => {
  const names = [...new Set(partitions.map(({ topic }) => topic))];
  return names.map((name) => ({ name, partitions: partitions.filter(({ topic }) => topic === name).map(ask) }));
};

/** Rejects where nobody leads one of them: then nobody knows what it has. */
export async function rangesOf(link: ClusterLink, partitions: readonly SeenPartition[]): Promise<PartitionRange[]> {
  if (partitions.some(({ leader }) => leader === null)) throw new Error('a partition has no leader now');
  const offsets = new Map<string, number>();
  for (const [leader, members] of byLeader(partitions))
    for (const timestamp of [EARLIEST, LATEST]) {
      const { topics } = await link.ask(
        listOffsets,
        5,
        {
          replicaId: -1,
          isolationLevel: 0,
          topics: asTopics(members, ({ partition }) => ({ partitionIndex: partition, timestamp })),
        },
        leader,
      );
      for (const { name, partitions: answers } of topics)
        for (const { partitionIndex, offset, errorCode } of answers) {
          if (errorCode !== 0) throw new Error(`offsets of ${name} are not known now (error ${errorCode})`);
          offsets.set(`${name} ${partitionIndex} ${timestamp}`, offset);
        }
    }
  return partitions.map((seen) => {
    const of = (timestamp: number): number => offsets.get(`${seen.topic} ${seen.partition} ${timestamp}`) ?? 0;
    return { ...seen, leader: seen.leader as BrokerAddress, start: of(EARLIEST), end: of(LATEST) };
  });
}

/** By partition: the first record that is not older; where there is none, the end. */
export async function offsetsAt(
  link: ClusterLink,
  ranges: readonly PartitionRange[],
  timestamp: number,
): Promise<Map<number, number>> {
  const found = new Map<number, number>();
  for (const { topic, partition, leader, end } of ranges) {
    const { topics } = await link.ask(
      listOffsets,
      5,
      {
        ...{ replicaId: -1, isolationLevel: 0 },
        topics: [{ name: topic, partitions: [{ partitionIndex: partition, timestamp }] }],
      },
      leader,
    );
    const answer = topics[0]?.partitions[0];
    if (answer?.errorCode !== 0) throw new Error(`offsets of ${topic} are not known now (error ${answer?.errorCode})`);
    found.set(partition, answer.offset < 0 ? end : answer.offset);
  }
  return found;
}

/** What the groups of a cluster have committed: by group and then by `topic partition`. Where nothing is, there is no entry. */
export async function committedOf(
  link: ClusterLink,
  brokers: readonly BrokerAddress[],
): Promise<Map<string, Map<string, number>>> {
  const committed = new Map<string, Map<string, number>>();
  for (const broker of brokers) {
    const { groups } = await link.ask(listGroups, 2, {}, broker);
    for (const { groupId } of groups) {
      const offsets = new Map<string, number>();
      const answer = await link.ask(offsetFetch, 5, { groupId, topics: null }, broker);
      if (answer.errorCode !== 0)
        throw new Error(`offsets of ${groupId} are not known now (error ${answer.errorCode})`);
      for (const { name, partitions } of answer.topics)
        for (const { partitionIndex, committedOffset } of partitions)
          if (committedOffset >= 0) offsets.set(`${name} ${partitionIndex}`, committedOffset);
      committed.set(groupId, offsets);
    }
  }
  return committed;
}

/** Records from an offset on, as many as come in one answer; at least one where there is one. */
export async function recordsFrom(
  link: ClusterLink,
  { topic, partition, leader }: PartitionRange,
  fetchOffset: number,
  maxBytes = MAX_BYTES,
): Promise<{ records: KafkaRecord[]; nextOffset: number }> {
  const { responses } = await link.ask(
    fetch,
    11,
    {
      ...{ maxWaitMs: 0, minBytes: 0, maxBytes, isolationLevel: 0 },
      ...{ sessionId: 0, sessionEpoch: -1, forgottenTopicsData: [], rackId: '' },
      topics: [{ topic, partitions: [{ partition, fetchOffset, partitionMaxBytes: maxBytes }] }],
    },
    leader,
  );
  const answer = responses[0]?.partitions[0];
  if (answer?.errorCode !== 0) throw new Error(`${topic} cannot be read now (error ${answer?.errorCode})`);
  let nextOffset = fetchOffset;
  const records: KafkaRecord[] = [];
  for (const batch of batchesIn(answer.records ?? Buffer.alloc(0))) {
    nextOffset = batch.nextOffset;
    if (!batch.isControl) for (const record of recordsOf(batch)) if (record.offset >= fetchOffset) records.push(record);
  }
  return { records, nextOffset };
}

const TOPIC = 2;

/** Which topics are compacted, or may be: a cluster need not tell everybody. They are asked once; a topic that is made anew, again. */
export function createCompactionWatch(link: ClusterLink) {
  const known = new Map<string, Promise<boolean>>();
  const ask = async (topic: string): Promise<boolean> => {
    const { results } = await link.ask(describeConfigs, 1, {
      resources: [{ resourceType: TOPIC, resourceName: topic, configurationKeys: ['cleanup.policy'] }],
    });
    const [answer] = results;
    return answer?.errorCode !== 0 || answer.configs.some(({ value }) => value?.includes('compact'));
  };
  return {
    isOn({ topic, topicId }: SeenPartition): Promise<boolean> {
      const asked = known.get(topicId) ?? ask(topic);
      known.set(topicId, asked);
      asked.catch(() => known.delete(topicId));
      return asked;
    },
  };
}
