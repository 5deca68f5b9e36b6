import type { Cluster } from './cluster/cluster.ts';
import { KafkaError } from './protocol/errors.ts';
import { type Batch, batchesIn } from './records/batch.ts';
import { codecNames, NO_CODEC } from './records/compression.ts';
import { type KafkaRecord, recordsOf } from './records/record.ts';
import type { Traffic } from './replication/replica.ts';

const READ_BYTES = 1024 * 1024;

export interface PartitionStatus extends Traffic {
  topic: string;
  partition: number;
  isInternal: boolean;
  /** Id of a broker; -1: nobody leads. */
  leader: number;
  leaderEpoch: number;
  replicas: readonly number[];
  /** Those that have everything that was confirmed. */
  isr: readonly number[];
  /** Of the first record that is kept; null where nobody leads, as all that follows. */
  startOffset: number | null;
  /** The next one that a producer gets. */
  endOffset: number | null;
  /** Consumers read up to here. */
  highWatermark: number | null;
  /** Those who read only what is committed, up to here. */
  lastStableOffset: number | null;
  /** On the leader, without the copies of followers. */
  bytes: number | null;
  segments: number | null;
  /** When the oldest batch that is kept was written, as it says; null if there is none. Epoch milliseconds. */
  oldestAtMs: number | null;
}

export interface GroupStatus {
  id: string;
  state: string;
  generation: number;
  /** The way of assigning that all agreed on. */
  protocol: string | null;
  members: { id: string; instanceId: string | null; clientId: string; clientHost: string }[];
  offsets: GroupOffset[];
  /** Records that are not consumed, of all partitions with a committed offset. */
  lag: number;
}

export interface GroupOffset {
  topic: string;
  partition: number;
  committedOffset: number;
  /** Null where nobody leads the partition. */
  lag: number | null;
  /** When the oldest record that is not consumed was written; null if there is none. Epoch milliseconds. */
  oldestUnreadAtMs: number | null;
}

export interface ViewedRecord extends KafkaRecord {
  codec: (typeof codecNames)[number];
  isTransactional: boolean;
}

/** What the brokers know, read where it is kept: no request, no sampling, and no totals that miss something. */
export class Admin {
  readonly #cluster: Cluster;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  partitions(): PartitionStatus[] {
    const cluster = this.#cluster;
    return [...cluster.controller.topics.values()].flatMap((topic) =>
      topic.partitions.map(({ index, leader, leaderEpoch, replicas, isr }) => {
        const log = cluster.leaderOf(topic, index)?.log;
        return {
          topic: topic.name,
          partition: index,
          isInternal: topic.isInternal,
          leader,
          leaderEpoch,
          replicas,
          isr,
          startOffset: log?.startOffset ?? null,
          endOffset: log?.endOffset ?? null,
          highWatermark: log?.highWatermark ?? null,
          lastStableOffset: log?.lastStableOffset ?? null,
          bytes: log?.bytes ?? null,
          segments: log?.segments.length ?? null,
          oldestAtMs: log?.timestampAt(log.startOffset) ?? null,
          ...cluster.trafficOf(topic, index),
        };
      }),
    );
  }

  groups(): GroupStatus[] {
    return [...this.#cluster.running.values()].flatMap((broker) =>
      [...broker.groups.all].map(([id, { group, offsets }]) => {
        const known = [...offsets.all()].map((each) => this.#groupOffset(each));
        return {
          id,
          state: group.state,
          generation: group.generation,
          protocol: group.protocol,
          members: [...group.members.values()].map((member) => ({
            id: member.id,
            instanceId: member.instanceId,
            clientId: member.clientId,
            clientHost: member.clientHost,
          })),
          offsets: known,
          lag: known.reduce((sum, { lag }) => sum + (lag ?? 0), 0),
        };
      }),
    );
  }

  /** Records from an offset on, unpacked. Fails where nobody leads the partition, or a batch cannot be unpacked. */
  read(topicName: string, partition: number, fromOffset: number, limit: number): ViewedRecord[] {
    const topic = this.#cluster.controller.topics.get(topicName);
    if (!topic?.partitions[partition])
      throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', `there is no partition ${partition} of topic ${topicName}`);
    const log = this.#cluster.leaderOf(topic, partition)?.log;
    if (!log) throw new KafkaError('LEADER_NOT_AVAILABLE', `nobody leads partition ${partition} of ${topicName} now`);
    const found: ViewedRecord[] = [];
    for (let offset = Math.max(fromOffset, log.startOffset); found.length < limit && offset < log.highWatermark; ) {
      const before = offset;
      for (const bytes of log.read(offset, log.highWatermark, READ_BYTES, true))
        for (const batch of batchesIn(bytes)) {
          if (!batch.isControl && found.length < limit) found.push(...viewed(batch, before));
          offset = batch.nextOffset;
        }
      if (offset === before) break;
    }
    return found.slice(0, limit);
  }

  #groupOffset(committed: { topic: string; partition: number; offset: number }): GroupOffset {
    const { topic: name, partition, offset } = committed;
    const topic = this.#cluster.controller.topics.get(name);
    const log = topic && this.#cluster.leaderOf(topic, partition)?.log;
    const from = log ? Math.max(offset, log.startOffset) : offset;
    return {
      topic: name,
      partition,
      committedOffset: offset,
      lag: log ? Math.max(0, log.highWatermark - from) : null,
      oldestUnreadAtMs: log && from < log.highWatermark ? log.timestampAt(from) : null,
    };
  }
}

function viewed(batch: Batch, fromOffset: number): ViewedRecord[] {
  const codec = codecNames[batch.codec] ?? codecNames[NO_CODEC];
  return [...recordsOf(batch)]
    .filter(({ offset }) => offset >= fromOffset)
    .map((record) => ({ ...record, codec, isTransactional: batch.isTransactional }));
}
