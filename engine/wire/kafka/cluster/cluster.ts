import { join } from 'node:path';
import { Memory } from '../connection/memory.ts';
import type { GroupCoordinator } from '../groups/coordinator.ts';
import type { DiskDrill } from '../log/log.ts';
import { KafkaError } from '../protocol/errors.ts';
import type { Replica, Traffic } from '../replication/replica.ts';
import type { ProducerEpoch, TopicPartition } from '../transactions/transaction.ts';
import { Broker, type ListenerOptions } from './broker.ts';
import type { AnsweredRequest, BrokerAddress, ClusterContext, Observer } from './context.ts';
import { Controller } from './controller.ts';
import { type TopicMetadata, TRANSACTIONS_TOPIC } from './metadata.ts';
import { type ClusterSettings, defaultSettings } from './settings.ts';
import type { TopicSettings } from './topic-config.ts';

/** The listener that every broker has. */
const DEFAULT_LISTENER = 'default';
/** Kafka's `leader.imbalance.check.interval.seconds`. */
const PREFERRED_LEADER_INTERVAL_MS = 300_000;

export interface ClusterOptions extends Partial<ClusterSettings> {
  /** How many. Default: 1. */
  brokers?: number;
  /** Their ids go up from here; with a data directory always from the same, for they stand in it. Default: 1. */
  firstBrokerId?: number;
  /** Of their default listeners, in order; 0 or left out: a free one. */
  ports?: readonly number[];
  /** Where topics are kept; made if it is not there. Default: everything is in memory only. */
  dataDir?: string;
  /**
   * When what is confirmed is on the disk. `never` is Kafka's own way: it is written, and the system flushes it when it likes,
   * so it outlives the process but maybe not the machine. `always`: flushed before it is confirmed (`flush.messages=1`).
   * `everysec`: flushed a second later at the latest (`flush.ms=1000`). Default: `never`.
   */
  fsync?: FsyncPolicy;
  /** Of topics that do not say otherwise, under Kafka's names. */
  topicDefaults?: TopicSettings;
  clusterId?: string;
  /** Epoch milliseconds. */
  now?(): number;
  /** Asked before each request is handled: so long it waits. Default: not at all. */
  requestDelayMs?(): number;
  /** A drill: how much longer each write to the disk takes, in milliseconds; what it confirms waits for it. */
  diskDelayMs?(): number;
  /** A drill: nothing is appended, as where the disk is full. */
  isDiskFull?(): boolean;
  /** Hears of each request when it is answered. */
  onRequest?(request: AnsweredRequest): void;
}

export const fsyncPolicies = ['always', 'everysec', 'never'] as const;
export type FsyncPolicy = (typeof fsyncPolicies)[number];

const flushSettings: Record<FsyncPolicy, TopicSettings> = {
  always: { 'flush.messages': '1' },
  everysec: { 'flush.ms': '1000' },
  never: {},
};

/** Brokers of one process, with the controller that they have in common. Making one opens all its logs. */
export class Cluster implements ClusterContext {
  readonly settings: ClusterSettings;
  readonly memory: Memory;
  readonly controller: Controller;
  readonly now: () => number;
  readonly observer: Observer | null;
  readonly disk: DiskDrill;
  readonly traffic = { readBytes: 0, writtenBytes: 0 };
  readonly #dataDir: string | null;
  readonly #ports: readonly number[];
  readonly #running = new Map<number, Broker>();
  /** Totals outlive the broker on which they were counted. */
  readonly #totals = new Map<string, Traffic>();
  readonly #missed = new Map<number, NodeJS.Timeout>();
  /** Where brokers listen again when they come back. */
  readonly #known = new Map<number, Map<string, ListenerOptions>>();
  readonly #timer: NodeJS.Timeout;

  constructor(options: ClusterOptions = {}) {
    const {
      brokers = 1,
      firstBrokerId = 1,
      ports = [],
      dataDir,
      fsync = 'never',
      topicDefaults = {},
      clusterId,
    } = options;
    const given = Object.fromEntries(
      Object.keys(defaultSettings).flatMap((name) => {
        const value = options[name as keyof ClusterSettings];
        return value === undefined ? [] : [[name, value]];
      }),
    ) as Partial<ClusterSettings>;
    this.settings = { ...defaultSettings, ...given };
    this.memory = new Memory(this.settings.maxHeldBytes);
    this.now = options.now ?? (() => Date.now());
    const { requestDelayMs, onRequest } = options;
    this.observer = requestDelayMs || onRequest ? { delayMs: requestDelayMs, answered: onRequest } : null;
    this.disk = { delayMs: options.diskDelayMs, isFull: options.isDiskFull };
    this.#dataDir = dataDir ?? null;
    this.#ports = ports;
    this.controller = new Controller({
      directory: this.#dataDir,
      brokers: Array.from({ length: brokers }, (_, i) => firstBrokerId + i),
      events: {
        changed: (topic) => {
          for (const broker of this.#running.values()) broker.replicas.update(topic);
        },
        deleted: (topic) => {
          for (const broker of this.#running.values()) {
            broker.replicas.delete(topic);
            broker.groups.topicDeleted(topic.name);
          }
          for (const { index } of topic.partitions) this.#totals.delete(`${topic.id} ${index}`);
        },
      },
      defaults: { ...flushSettings[fsync], ...topicDefaults },
      counts: {
        partitions: this.settings.defaultPartitions,
        replicationFactor: this.settings.defaultReplicationFactor,
      },
      clusterId,
    });
    this.#timer = setInterval(() => this.controller.electPreferred(), PREFERRED_LEADER_INTERVAL_MS).unref();
    this.#open(this.controller.brokers);
  }

  /** Opens the ports. Resolves with those of the default listeners, in the order of the brokers. */
  async start(): Promise<number[]> {
    const ports: number[] = [];
    try {
      for (const [i, id] of this.controller.brokers.entries())
        ports.push(await this.addListener(id, DEFAULT_LISTENER, { port: this.#ports[i] ?? 0 }));
    } catch (error) {
      await this.stop();
      throw error;
    }
    return ports;
  }

  /** Bytes at the ends of logs that were no whole batch when they were opened, and were cut off. */
  get cutOffBytes(): number {
    let bytes = 0;
    for (const broker of this.#running.values()) for (const { log } of broker.replicas.all()) bytes += log.cutOffBytes;
    return bytes;
  }

  /**
   * A further way to a broker, with addresses of its own: who comes this way is told the addresses that the brokers have under
   * the same name. So each client may have proxies of its own before the brokers.
   */
  async addListener(id: number, name: string, options: ListenerOptions = {}): Promise<number> {
    const broker = this.#running.get(id);
    if (!broker) throw new Error(`broker ${id} does not run`);
    const port = await broker.listen(name, options);
    const known = this.#known.get(id) ?? new Map<string, ListenerOptions>();
    this.#known.set(id, known.set(name, { ...options, port }));
    return port;
  }

  async removeListener(id: number, name: string): Promise<void> {
    this.#known.get(id)?.delete(name);
    await this.#running.get(id)?.closeListener(name);
  }

  /**
   * Stops one broker. Its partitions get other leaders at once, or, if it ends abruptly, as with SIGKILL, when the others miss it.
   */
  async stopBroker(id: number, { isAbrupt = false } = {}): Promise<void> {
    const broker = this.#running.get(id);
    if (!broker) return;
    if (!isAbrupt) {
      this.controller.brokerStopped(id);
      this.#running.delete(id);
    } else {
      this.#running.delete(id);
      this.#missed.set(id, setTimeout(() => this.#miss(id), this.settings.brokerSessionTimeoutMs).unref());
    }
    await broker.stop(isAbrupt);
  }

  /** Starts a stopped broker again, on the ports that it had. */
  async startBroker(id: number): Promise<void> {
    if (this.#running.has(id)) return;
    clearTimeout(this.#missed.get(id));
    this.#missed.delete(id);
    this.#open([id]);
    for (const [name, options] of this.#known.get(id) ?? []) await this.#running.get(id)?.listen(name, options);
  }

  /** Followers on the broker do as if they could not reach their leaders. */
  pauseReplication(id: number, isPaused: boolean): void {
    const broker = this.#running.get(id);
    if (broker) broker.isReplicationPaused = isPaused;
  }

  /** All brokers. Everything is on the disk when it resolves, unless it ends abruptly. */
  async stop({ isAbrupt = false } = {}): Promise<void> {
    clearInterval(this.#timer);
    for (const timer of this.#missed.values()) clearTimeout(timer);
    const brokers = [...this.#running.values()];
    this.#running.clear();
    await Promise.all(brokers.map((broker) => broker.stop(isAbrupt)));
  }

  get running(): ReadonlyMap<number, Broker> {
    return this.#running;
  }

  trafficOf(topic: TopicMetadata, index: number): Traffic {
    const key = `${topic.id} ${index}`;
    const traffic = this.#totals.get(key) ?? { messagesIn: 0, bytesIn: 0, messagesOut: 0, bytesOut: 0 };
    this.#totals.set(key, traffic);
    return traffic;
  }

  addresses(listener: string): BrokerAddress[] {
    return [...this.#running.values()].flatMap((broker) => broker.address(listener) ?? []);
  }

  leaderOf(topic: TopicMetadata, index: number): Replica | null {
    const replica = this.#brokerOf(topic, index)?.replicas.get(topic, index);
    return replica?.isLeader ? replica : null;
  }

  groupsOf(topic: TopicMetadata, index: number): GroupCoordinator | null {
    return this.#brokerOf(topic, index)?.groups ?? null;
  }

  checkInTransaction(transactionalId: string, producer: ProducerEpoch, partition: TopicPartition): void {
    const topic = this.controller.topics.get(TRANSACTIONS_TOPIC);
    if (!topic) throw new KafkaError('INVALID_PRODUCER_ID_MAPPING');
    const anyBroker = this.#running.values().next().value as Broker;
    const coordinator = this.#brokerOf(topic, anyBroker.transactionsTopic.partitionOf(transactionalId));
    // Nobody can tell now; the producer is refused when its transaction ends.
    coordinator?.transactions.checkInTransaction(transactionalId, producer, partition);
  }

  #brokerOf(topic: TopicMetadata, index: number): Broker | undefined {
    return this.#running.get(topic.partitions[index]?.leader ?? -1);
  }

  #open(ids: readonly number[]): void {
    for (const id of ids) {
      const broker = new Broker({
        id,
        cluster: this,
        directory: this.#dataDir === null ? null : join(this.#dataDir, `broker-${id}`),
        trafficOf: (topic, index) => this.trafficOf(topic, index),
        onBytes: (read, written) => {
          this.traffic.readBytes += read;
          this.traffic.writtenBytes += written;
        },
      });
      this.#running.set(id, broker);
      for (const topic of this.controller.topics.values()) broker.replicas.update(topic);
    }
    this.controller.brokersStarted(ids);
  }

  #miss(id: number): void {
    this.#missed.delete(id);
    if (!this.#running.has(id)) this.controller.brokerStopped(id);
  }
}
