import type { InternalRecord, InternalTopic } from '../coordination/internal-topic.ts';
import { decodeVersioned, encodeVersioned, versionOf } from '../coordination/versioned.ts';
import { type ErrorName, KafkaError } from '../protocol/errors.ts';
import {
  groupMetadataKey,
  groupMetadataValue,
  offsetCommitKey,
  offsetCommitValue,
} from '../protocol/tables/coordinator-records.ts';
import { isAbortMarker } from '../records/control.ts';
import { recordsOf } from '../records/record.ts';
import type { Replica } from '../replication/replica.ts';
import { Group } from './group.ts';
import { Member } from './member.ts';
import { Offsets, type PartitionOffset } from './offsets.ts';

const OFFSET_KEY_VERSION = 1;
const GROUP_KEY_VERSION = 2;
const VALUE_VERSION = 3;

interface Entry {
  group: Group;
  offsets: Offsets;
}

/**
 * Keeps the groups whose partition of `__consumer_offsets` this broker leads. What must not be lost is written there before it
 * is answered, and read from there by whoever leads next.
 */
export class GroupCoordinator {
  readonly #topic: InternalTopic;
  readonly #initialDelayMs: number;
  readonly #now: () => number;
  readonly #groups = new Map<string, Entry>();

  constructor(options: { topic: InternalTopic; initialDelayMs: number; now: () => number }) {
    this.#topic = options.topic;
    this.#initialDelayMs = options.initialDelayMs;
    this.#now = options.now;
  }

  /** This broker leads the partition from now on: brings back what was written there. */
  load(replica: Replica): void {
    for (const batch of this.#topic.batchesOf(replica)) {
      if (batch.isControl) {
        for (const { offsets } of this.#groups.values())
          for (const each of offsets.release(batch.producerId, !isAbortMarker(batch))) offsets.put(each);
        continue;
      }
      const producerId = batch.isTransactional ? batch.producerId : null;
      for (const { key, value } of recordsOf(batch)) {
        if (!key) continue;
        if (versionOf(key) === GROUP_KEY_VERSION)
          this.#restoreGroup(decodeVersioned(groupMetadataKey, key).group, value);
        else this.#restoreOffset(key, value, producerId);
      }
    }
  }

  unload(index: number): void {
    for (const [id, { group }] of this.#groups) {
      if (this.#topic.partitionOf(id) !== index) continue;
      this.#groups.delete(id);
      group.end('NOT_COORDINATOR');
    }
  }

  /** Fails where this broker is not the group's. Null where there is no such group. */
  find(id: string): Entry | null {
    this.#topic.leaderReplica(id);
    return this.#groups.get(id) ?? null;
  }

  findOrCreate(id: string): Entry {
    return this.find(id) ?? this.#create(id);
  }

  get all(): ReadonlyMap<string, Entry> {
    return this.#groups;
  }

  /** Calls back when the offsets are safe; from then on they count. */
  commit(id: string, offsets: readonly PartitionOffset[], done: (error: ErrorName | null) => void): void {
    const entry = this.findOrCreate(id);
    this.#topic.write(
      id,
      offsets.map((each) => offsetRecord(id, each)),
      (error) => {
        if (!error) for (const each of offsets) entry.offsets.put(each);
        done(error?.error ?? null);
      },
    );
  }

  /** The offsets count when the producer's transaction commits. */
  hold(
    id: string,
    offsets: readonly PartitionOffset[],
    producer: { producerId: number; producerEpoch: number },
    done: (error: ErrorName | null) => void,
  ): void {
    const entry = this.findOrCreate(id);
    entry.offsets.hold(producer.producerId, offsets);
    this.#topic.write(
      id,
      offsets.map((each) => offsetRecord(id, each)),
      (error) => {
        if (error) entry.offsets.release(producer.producerId, false);
        done(error?.error ?? null);
      },
      producer,
    );
  }

  /** A marker stands in the partition: what its producer held back counts, or is forgotten. */
  transactionEnded(index: number, producerId: number, isCommit: boolean): void {
    for (const [id, { offsets }] of this.#groups)
      if (this.#topic.partitionOf(id) === index)
        for (const each of offsets.release(producerId, isCommit)) offsets.put(each);
  }

  deleteOffsets(id: string, partitions: readonly { topic: string; partition: number }[]): void {
    const entry = this.find(id);
    if (!entry || partitions.length === 0) return;
    for (const { topic, partition } of partitions) entry.offsets.delete(topic, partition);
    this.#topic.write(
      id,
      partitions.map((each) => ({ key: offsetKey(id, each), value: null })),
      () => {},
    );
  }

  /** Fails where somebody is in the group. */
  delete(id: string): void {
    const entry = this.find(id);
    if (!entry) throw new KafkaError('GROUP_ID_NOT_FOUND');
    if (entry.group.members.size > 0) throw new KafkaError('NON_EMPTY_GROUP');
    this.#remove(id, entry);
  }

  /** Nobody asks for offsets of a topic that is gone. */
  topicDeleted(topic: string): void {
    for (const [id, { offsets }] of this.#groups) {
      const gone = [...offsets.all()].filter((each) => each.topic === topic);
      if (gone.length > 0) this.deleteOffsets(id, gone);
    }
  }

  /** Forgets offsets of groups in which nobody was for so long, and such groups. */
  expire(retentionMs: number): void {
    const oldestMs = this.#now() - retentionMs;
    for (const [id, entry] of this.#groups) {
      const { group, offsets } = entry;
      if (group.state !== 'Empty' || group.changedAtMs > oldestMs) continue;
      const old = [...offsets.all()].filter(({ committedAtMs }) => committedAtMs <= oldestMs);
      if (old.length > 0) this.deleteOffsets(id, old);
      if (offsets.isEmpty) this.#remove(id, entry);
    }
  }

  close(): void {
    for (const { group } of this.#groups.values()) group.end('NOT_COORDINATOR');
    this.#groups.clear();
  }

  #create(id: string): Entry {
    const group: Group = new Group({
      id,
      initialDelayMs: this.#initialDelayMs,
      persist: (done) => this.#topic.write(id, [groupRecord(group)], done),
      now: this.#now,
    });
    const entry = { group, offsets: new Offsets() };
    this.#groups.set(id, entry);
    return entry;
  }

  #remove(id: string, { group, offsets }: Entry): void {
    const records: InternalRecord[] = [...offsets.all()].map((each) => ({ key: offsetKey(id, each), value: null }));
    records.push({ key: groupKey(id), value: null });
    this.#groups.delete(id);
    group.end('GROUP_ID_NOT_FOUND');
    this.#topic.write(id, records, () => {});
  }

  #restoreOffset(key: Buffer, value: Buffer | null, producerId: number | null): void {
    const { group, topic, partition } = decodeVersioned(offsetCommitKey, key);
    if (value === null) {
      this.#groups.get(group)?.offsets.delete(topic, partition);
      return;
    }
    const { offset, leaderEpoch, metadata, commitTimestamp } = decodeVersioned(offsetCommitValue, value);
    const { offsets } = this.#groups.get(group) ?? this.#create(group);
    const restored = { topic, partition, offset, leaderEpoch, metadata, committedAtMs: commitTimestamp };
    if (producerId === null) offsets.put(restored);
    else offsets.hold(producerId, [restored]);
  }

  #restoreGroup(id: string, value: Buffer | null): void {
    const offsets = this.#groups.get(id)?.offsets;
    this.#groups.get(id)?.group.end('NOT_COORDINATOR');
    this.#groups.delete(id);
    if (value === null) return;
    const found = decodeVersioned(groupMetadataValue, value);
    const entry = this.#create(id);
    if (offsets) entry.offsets = offsets;
    entry.group.restore({
      ...found,
      changedAtMs: found.currentStateTimestamp,
      members: found.members.map(({ memberId, groupInstanceId, subscription, assignment, ...each }) => ({
        member: new Member({
          ...each,
          id: memberId,
          instanceId: groupInstanceId,
          sessionTimeoutMs: each.sessionTimeout,
          rebalanceTimeoutMs: each.rebalanceTimeout,
          protocols: found.protocol === null ? [] : [{ name: found.protocol, metadata: Buffer.from(subscription) }],
        }),
        assignment: Buffer.from(assignment),
      })),
    });
  }
}

const offsetKey = (group: string, { topic, partition }: { topic: string; partition: number }): Buffer =>
  encodeVersioned(offsetCommitKey, OFFSET_KEY_VERSION, { group, topic, partition });

const groupKey = (group: string): Buffer => encodeVersioned(groupMetadataKey, GROUP_KEY_VERSION, { group });

const offsetRecord = (group: string, each: PartitionOffset): InternalRecord => ({
  key: offsetKey(group, each),
  value: encodeVersioned(offsetCommitValue, VALUE_VERSION, { ...each, commitTimestamp: each.committedAtMs }),
});

const groupRecord = (group: Group): InternalRecord => ({
  key: groupKey(group.id),
  value: encodeVersioned(groupMetadataValue, VALUE_VERSION, {
    protocolType: group.protocolType ?? '',
    generation: group.generation,
    protocol: group.protocol,
    leader: group.leader,
    currentStateTimestamp: group.changedAtMs,
    members: [...group.members.values()].map((member) => ({
      memberId: member.id,
      groupInstanceId: member.instanceId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      rebalanceTimeout: member.rebalanceTimeoutMs,
      sessionTimeout: member.sessionTimeoutMs,
      subscription: member.metadataFor(group.protocol),
      assignment: member.assignment,
    })),
  }),
});
