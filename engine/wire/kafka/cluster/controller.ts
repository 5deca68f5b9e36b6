import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from '../log/replace-file.ts';
import { KafkaError } from '../protocol/errors.ts';
import type { Uuid } from '../protocol/values.ts';
import { assignReplicas } from './assignment.ts';
import {
  type ClusterMetadata,
  NO_LEADER,
  OFFSETS_TOPIC,
  type PartitionMetadata,
  problemWithTopicName,
  type TopicMetadata,
  TRANSACTIONS_TOPIC,
} from './metadata.ts';
import { begin, end, isMoving, takeBack } from './reassignment.ts';
import { checkTopicSetting, settingValue, type TopicSettings } from './topic-config.ts';

const FILE = 'cluster.json';
const PRODUCER_ID_BLOCK = 1000;
const MAX_PARTITIONS = 10_000;

export interface NewTopic {
  name: string;
  /** -1: the cluster's default. */
  partitions?: number;
  replicationFactor?: number;
  /** In place of the two: the replicas of each partition. */
  assignments?: readonly (readonly number[])[];
  settings?: TopicSettings;
}

/** What a cluster knew of itself cannot be read. */
export class DamagedClusterError extends Error {
  override name = 'DamagedClusterError';
}

/** 16 bytes as Kafka writes them; none begins with a hyphen, which its tools would take for an option. */
const newClusterId = (): string => `A${randomBytes(16).toString('base64url').slice(1)}`;

/** Topics whose names differ in nothing else would have the same names in Kafka's metrics. */
const metricName = (topic: string): string => topic.replaceAll('.', '_');

/** What the controller tells those who keep replicas. */
export interface ControllerEvents {
  /** Leader, replicas or settings of a topic are others than before. */
  changed(topic: TopicMetadata): void;
  deleted(topic: TopicMetadata): void;
}

/**
 * Decides for the whole cluster: which topics there are, on which brokers their partitions lie, and who leads them. All of it
 * is on the disk before anybody acts on it.
 */
export class Controller {
  readonly clusterId: string;
  readonly defaults: TopicSettings;
  readonly #directory: string | null;
  readonly #events: ControllerEvents;
  readonly #counts: { partitions: number; replicationFactor: number };
  readonly #topics = new Map<string, TopicMetadata>();
  readonly #byId = new Map<Uuid, TopicMetadata>();
  /** All that belong to the cluster, whether they are there or not. */
  readonly #brokers: readonly number[];
  readonly #alive = new Set<number>();
  #nextProducerId: number;
  #reservedProducerIds: number;
  #placed = 0;

  constructor(options: {
    directory: string | null;
    brokers: readonly number[];
    events: ControllerEvents;
    defaults: TopicSettings;
    /** Of topics that do not say. */
    counts: { partitions: number; replicationFactor: number };
    clusterId?: string;
  }) {
    this.#directory = options.directory;
    this.#brokers = options.brokers;
    this.#events = options.events;
    this.#counts = options.counts;
    this.defaults = options.defaults;
    for (const [name, value] of Object.entries(options.defaults)) checkTopicSetting(name, value);
    if (this.#directory !== null) mkdirSync(this.#directory, { recursive: true });
    const found = this.#read();
    this.clusterId = found?.clusterId ?? options.clusterId ?? newClusterId();
    this.#nextProducerId = found?.nextProducerId ?? 0;
    this.#reservedProducerIds = this.#nextProducerId;
    for (const topic of found?.topics ?? []) {
      // Nobody is there yet; who leads then does so under a new epoch.
      for (const partition of topic.partitions) partition.leader = NO_LEADER;
      this.#put(topic);
    }
    this.#write();
  }

  get topics(): ReadonlyMap<string, TopicMetadata> {
    return this.#topics;
  }

  topicById(id: Uuid): TopicMetadata | undefined {
    return this.#byId.get(id);
  }

  get alive(): ReadonlySet<number> {
    return this.#alive;
  }

  get brokers(): readonly number[] {
    return this.#brokers;
  }

  setting(topic: TopicMetadata, name: Parameters<typeof settingValue>[0]): string {
    return settingValue(name, topic.settings, this.defaults);
  }

  /** How many have to be in sync for a write that waits for all: never more than there are replicas, as since Kafka 4. */
  minInSync(topic: TopicMetadata, { replicas }: PartitionMetadata): number {
    return Math.min(Number(this.setting(topic, 'min.insync.replicas')), replicas.length);
  }

  /** `isDryRun`: only says whether it could be done. */
  createTopic(topic: NewTopic, isDryRun = false): TopicMetadata {
    const { name, settings = {} } = topic;
    if (this.#topics.has(name)) throw new KafkaError('TOPIC_ALREADY_EXISTS', `Topic '${name}' already exists.`);
    const problem = problemWithTopicName(name);
    if (problem) throw new KafkaError('INVALID_TOPIC_EXCEPTION', `Topic name is invalid: ${problem}`);
    const like = [...this.#topics.keys()].find((each) => metricName(each) === metricName(name));
    if (like !== undefined)
      throw new KafkaError('INVALID_TOPIC_EXCEPTION', `Topic '${name}' collides with existing topic: ${like}`);
    for (const [setting, value] of Object.entries(settings)) checkTopicSetting(setting, value);
    const replicas = topic.assignments?.length
      ? this.#checkAssignments(topic, topic.assignments)
      : this.#assign(topic.partitions ?? -1, topic.replicationFactor ?? -1);
    const made: TopicMetadata = {
      id: randomBytes(16).toString('hex'),
      name,
      isInternal: name === OFFSETS_TOPIC || name === TRANSACTIONS_TOPIC,
      settings,
      partitions: replicas.map((ids, index) => this.#newPartition(index, ids)),
    };
    if (isDryRun) return made;
    this.#put(made);
    this.#write();
    this.#events.changed(made);
    return made;
  }

  deleteTopic(name: string): void {
    const topic = this.#topics.get(name);
    if (!topic) throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', 'This server does not host this topic-partition.');
    this.#topics.delete(name);
    this.#byId.delete(topic.id);
    this.#write();
    this.#events.deleted(topic);
  }

  /** `count`: of all partitions then. */
  createPartitions(
    name: string,
    count: number,
    assignments: readonly (readonly number[])[] | null,
    isDryRun: boolean,
  ): void {
    const topic = this.#topics.get(name);
    if (!topic) throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', 'This server does not host this topic-partition.');
    const there = topic.partitions.length;
    if (count === there) throw new KafkaError('INVALID_PARTITIONS', `Topic already has ${there} partition(s).`);
    if (count < there)
      throw new KafkaError(
        'INVALID_PARTITIONS',
        `The topic ${name} currently has ${there} partition(s); ${count} would not be an increase.`,
      );
    this.#checkCount(count);
    const replicationFactor = topic.partitions[0]?.replicas.length ?? 1;
    if (assignments && assignments.length !== count - there)
      throw new KafkaError(
        'INVALID_REPLICA_ASSIGNMENT',
        `Attempted to add ${count - there} additional partition(s), but only ${assignments.length} assignment(s) were specified.`,
      );
    const replicas = assignments
      ? this.#checkAssignments({ name }, assignments, replicationFactor)
      : this.#assign(count - there, replicationFactor);
    if (isDryRun) return;
    topic.partitions.push(...replicas.map((ids, i) => this.#newPartition(there + i, ids)));
    this.#write();
    this.#events.changed(topic);
  }

  /** All at once; null takes a setting back to its default. */
  alterSettings(name: string, changes: Readonly<Record<string, string | null>>, isDryRun = false): void {
    const topic = this.#topics.get(name);
    if (!topic) throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', `The topic '${name}' does not exist.`);
    const settings: Record<string, string> = { ...topic.settings };
    for (const [setting, value] of Object.entries(changes)) {
      if (value === null) delete settings[setting];
      else {
        checkTopicSetting(setting, value);
        settings[setting] = value;
      }
    }
    if (isDryRun) return;
    topic.settings = settings;
    this.#write();
    this.#events.changed(topic);
  }

  /**
   * Moves a partition: who is new copies it, and when all of them are in sync, those who are not among the replicas any more let it
   * go. Null: takes back a move that goes on.
   */
  reassign(
    name: string,
    index: number,
    replicas: readonly number[] | null,
    { mayChangeCount }: { mayChangeCount: boolean },
  ): void {
    const topic = this.#topics.get(name);
    const partition = topic?.partitions[index];
    if (!topic || !partition)
      throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', 'This server does not host this topic-partition.');
    if (replicas) {
      this.#checkReplicas(replicas);
      const count = partition.replicas.filter((id) => !partition.adding?.includes(id)).length;
      if (!mayChangeCount && replicas.length !== count)
        throw new KafkaError(
          'INVALID_REPLICATION_FACTOR',
          `The replication factor is changed from ${count} to ${replicas.length}`,
        );
      begin(partition, replicas);
    } else if (isMoving(partition)) takeBack(partition);
    else throw new KafkaError('NO_REASSIGNMENT_IN_PROGRESS');
    this.#settle(partition);
    this.#write();
    this.#events.changed(topic);
  }

  /** The brokers can lead and follow from now on. One that was thought to be there has been away. */
  brokersStarted(ids: readonly number[]): void {
    for (const id of ids) this.brokerStopped(id);
    for (const id of ids) this.#alive.add(id);
    this.#elect((partition) => partition.replicas.some((id) => ids.includes(id)));
  }

  /** The broker leads nothing any more and is in sync with nothing, but where it was the last one. */
  brokerStopped(id: number): void {
    if (!this.#alive.delete(id)) return;
    this.#elect((partition) => partition.replicas.includes(id));
  }

  /** A follower has fallen behind, or has come up again. */
  changeIsr(topic: TopicMetadata, partition: PartitionMetadata, isr: readonly number[]): void {
    partition.isr = partition.replicas.filter((id) => isr.includes(id));
    this.#settle(partition);
    this.#write();
    this.#events.changed(topic);
  }

  /** Gives the partitions back to the first of their replicas, where that is in sync. */
  electPreferred(): void {
    this.#change((_, partition) => {
      const [preferred] = partition.replicas;
      if (preferred === undefined || partition.leader === preferred) return false;
      if (!this.#alive.has(preferred) || !partition.isr.includes(preferred)) return false;
      partition.leader = preferred;
      partition.leaderEpoch += 1;
      return true;
    });
  }

  nextProducerId(): number {
    if (this.#nextProducerId === this.#reservedProducerIds) {
      this.#reservedProducerIds += PRODUCER_ID_BLOCK;
      this.#write();
    }
    this.#nextProducerId += 1;
    return this.#nextProducerId - 1;
  }

  /** Ends a move whose new replicas are all in sync, and sees that one of the replicas leads. */
  #settle(partition: PartitionMetadata): void {
    end(partition);
    if (partition.leader === NO_LEADER || partition.replicas.includes(partition.leader)) return;
    partition.leader = partition.replicas.find((id) => partition.isr.includes(id) && this.#alive.has(id)) ?? NO_LEADER;
    partition.leaderEpoch += 1;
  }

  #elect(concerns: (partition: PartitionMetadata) => boolean): void {
    this.#change((topic, partition) => {
      if (!concerns(partition)) return false;
      const before = JSON.stringify(partition);
      const there = partition.isr.filter((id) => this.#alive.has(id));
      // The last who had everything stays the one who has it.
      if (there.length > 0) partition.isr = there;
      if (!this.#alive.has(partition.leader)) {
        const next = partition.replicas.find((id) => there.includes(id)) ?? this.#uncleanLeader(topic, partition);
        if (next !== partition.leader) {
          partition.leader = next;
          partition.leaderEpoch += 1;
          if (next !== NO_LEADER && !partition.isr.includes(next)) partition.isr = [next];
        }
      }
      return JSON.stringify(partition) !== before;
    });
  }

  #uncleanLeader(topic: TopicMetadata, partition: PartitionMetadata): number {
    if (this.setting(topic, 'unclean.leader.election.enable').trim().toLowerCase() !== 'true') return NO_LEADER;
    return partition.replicas.find((id) => this.#alive.has(id)) ?? NO_LEADER;
  }

  #change(change: (topic: TopicMetadata, partition: PartitionMetadata) => boolean): void {
    const changed = [...this.#topics.values()].filter(
      (topic) => topic.partitions.filter((partition) => change(topic, partition)).length > 0,
    );
    if (changed.length > 0) this.#write();
    for (const topic of changed) this.#events.changed(topic);
  }

  #newPartition(index: number, replicas: readonly number[]): PartitionMetadata {
    const there = replicas.filter((id) => this.#alive.has(id));
    return {
      index,
      replicas: [...replicas],
      isr: there.length > 0 ? there : [...replicas],
      leader: there[0] ?? NO_LEADER,
      leaderEpoch: 0,
    };
  }

  #checkCount(partitions: number): void {
    if (partitions < 1)
      throw new KafkaError('INVALID_PARTITIONS', `Number of partitions was set to an invalid non-positive value.`);
    if (partitions > MAX_PARTITIONS)
      throw new KafkaError('INVALID_PARTITIONS', `A topic may have ${MAX_PARTITIONS} partitions at most.`);
  }

  #assign(partitions: number, factor: number): number[][] {
    const count = partitions === -1 ? this.#counts.partitions : partitions;
    const replicationFactor = factor === -1 ? Math.min(this.#counts.replicationFactor, this.#brokers.length) : factor;
    this.#checkCount(count);
    if (replicationFactor < 1)
      throw new KafkaError(
        'INVALID_REPLICATION_FACTOR',
        'Replication factor must be larger than 0, or -1 to use the default value.',
      );
    if (replicationFactor > this.#alive.size)
      throw new KafkaError(
        'INVALID_REPLICATION_FACTOR',
        `Unable to replicate the partition ${replicationFactor} time(s): The target replication factor of ${replicationFactor} cannot be reached because only ${this.#alive.size} broker(s) are registered.`,
      );
    const startAt = this.#placed;
    this.#placed += count;
    const brokers = this.#brokers.filter((id) => this.#alive.has(id));
    return assignReplicas({ brokers, partitions: count, replicationFactor, startAt });
  }

  /** `factor`: how many replicas each partition has; default: as many as the first. */
  #checkAssignments(
    topic: NewTopic,
    assignments: readonly (readonly number[])[],
    factor = assignments[0]?.length,
  ): number[][] {
    if ((topic.partitions ?? -1) !== -1 || (topic.replicationFactor ?? -1) !== -1)
      throw new KafkaError(
        'INVALID_REQUEST',
        'A manual partition assignment was specified, but numPartitions or replicationFactor was not set to -1.',
      );
    this.#checkCount(assignments.length);
    for (const replicas of assignments) {
      this.#checkReplicas(replicas);
      if (replicas.length !== factor)
        throw new KafkaError(
          'INVALID_REPLICA_ASSIGNMENT',
          `The manual partition assignment includes a partition with ${replicas.length} replica(s), but this is not consistent with previous partitions, which have ${factor} replica(s).`,
        );
    }
    return assignments.map((each) => [...each]);
  }

  #checkReplicas(replicas: readonly number[]): void {
    if (replicas.length === 0 || new Set(replicas).size !== replicas.length)
      throw new KafkaError(
        'INVALID_REPLICA_ASSIGNMENT',
        'The manual partition assignment has no replicas, or one twice.',
      );
    const unknown = replicas.find((id) => !this.#brokers.includes(id));
    if (unknown !== undefined)
      throw new KafkaError(
        'INVALID_REPLICA_ASSIGNMENT',
        `The manual partition assignment includes broker ${unknown}, but no such broker is registered.`,
      );
  }

  #put(topic: TopicMetadata): void {
    this.#topics.set(topic.name, topic);
    this.#byId.set(topic.id, topic);
  }

  #read(): ClusterMetadata | null {
    if (this.#directory === null) return null;
    const path = join(this.#directory, FILE);
    if (!existsSync(path)) return null;
    try {
      const found = JSON.parse(readFileSync(path, 'utf8')) as ClusterMetadata;
      if (Array.isArray(found.topics)) return found;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
    throw new DamagedClusterError(
      `the list of topics ${path} is damaged. Restore it from a copy, or move the directory away to begin without it.`,
    );
  }

  #write(): void {
    if (this.#directory === null) return;
    const metadata: ClusterMetadata = {
      clusterId: this.clusterId,
      nextProducerId: this.#reservedProducerIds,
      topics: [...this.#topics.values()],
    };
    replaceFile(join(this.#directory, FILE), JSON.stringify(metadata), true);
  }
}
