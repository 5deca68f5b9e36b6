import { dispatch } from '../connection/dispatch.ts';
import { Listener } from '../connection/listener.ts';
import { InternalTopic } from '../coordination/internal-topic.ts';
import { GroupCoordinator } from '../groups/coordinator.ts';
import { endMarker } from '../records/control.ts';
import type { Replica, Traffic } from '../replication/replica.ts';
import { TransactionCoordinator, type WriteMarker } from '../transactions/coordinator.ts';
import type { BrokerAddress, BrokerContext, ClusterContext } from './context.ts';
import { OFFSETS_TOPIC, type TopicMetadata, TRANSACTIONS_TOPIC } from './metadata.ts';
import { Replicas } from './replicas.ts';
import { Upkeep } from './upkeep.ts';

const OFFSETS_SEGMENT_BYTES = String(100 * 1024 * 1024);

export interface ListenerOptions {
  /** On 127.0.0.1; default: a free one. */
  port?: number;
  /** What clients of this listener are told to connect to; default: where it listens. */
  advertised?: { host: string; port: number };
}

/** A broker that runs: from its start to its end. */
export class Broker implements BrokerContext {
  readonly id: number;
  readonly cluster: ClusterContext;
  readonly replicas: Replicas;
  readonly groups: GroupCoordinator;
  readonly transactions: TransactionCoordinator;
  readonly offsetsTopic: InternalTopic;
  readonly transactionsTopic: InternalTopic;
  readonly #listeners = new Map<string, { listener: Listener; advertised: ListenerOptions['advertised'] }>();
  readonly #upkeep: Upkeep;
  readonly #onBytes: (read: number, written: number) => void;
  #isPaused = false;

  constructor(options: {
    id: number;
    cluster: ClusterContext;
    directory: string | null;
    trafficOf(topic: TopicMetadata, index: number): Traffic;
    onBytes(read: number, written: number): void;
  }) {
    const { id, cluster, directory } = options;
    const { controller, settings, now } = cluster;
    this.id = id;
    this.cluster = cluster;
    this.#onBytes = options.onBytes;
    this.replicas = new Replicas({
      brokerId: id,
      directory,
      controller,
      now,
      disk: cluster.disk,
      trafficOf: options.trafficOf,
      leaderOf: (replica) => cluster.leaderOf(replica.topic, replica.index),
      isPaused: () => this.#isPaused,
      led: (replica) => this.#coordinatorOf(replica)?.load(replica),
      unled: (replica) => this.#coordinatorOf(replica)?.unload(replica.index),
    });
    const internal = (name: string, settingsOfTopic: Record<string, string>): InternalTopic =>
      new InternalTopic({
        name,
        controller,
        replicas: this.replicas,
        partitions: settings.internalTopicPartitions,
        settings: { 'cleanup.policy': 'compact', 'segment.bytes': OFFSETS_SEGMENT_BYTES, ...settingsOfTopic },
        now,
      });
    this.offsetsTopic = internal(OFFSETS_TOPIC, {});
    this.transactionsTopic = internal(TRANSACTIONS_TOPIC, {});
    this.groups = new GroupCoordinator({
      topic: this.offsetsTopic,
      initialDelayMs: settings.groupInitialRebalanceDelayMs,
      now,
    });
    this.transactions = new TransactionCoordinator({
      topic: this.transactionsTopic,
      nextProducerId: () => controller.nextProducerId(),
      writeMarker: (...args) => writeMarker(cluster, ...args),
      now,
    });
    this.#upkeep = new Upkeep(this);
  }

  /** Followers on this broker do as if they could not reach their leaders. */
  set isReplicationPaused(isPaused: boolean) {
    this.#isPaused = isPaused;
  }

  get connections(): number {
    return [...this.#listeners.values()].reduce((sum, { listener }) => sum + listener.connections, 0);
  }

  /** Opens a port. Clients that come there learn the addresses of the listeners that have the same name. */
  async listen(name: string, { port = 0, advertised }: ListenerOptions = {}): Promise<number> {
    const { settings, memory } = this.cluster;
    const listener = new Listener({
      limits: settings,
      memory,
      answer: (frame, connection) => dispatch(frame, { broker: this, listener: name, connection }),
      onBytes: this.#onBytes,
    });
    const opened = await listener.listen(port);
    this.#listeners.set(name, { listener, advertised });
    return opened;
  }

  async closeListener(name: string): Promise<void> {
    const found = this.#listeners.get(name);
    this.#listeners.delete(name);
    await found?.listener.close();
  }

  /** Null where it has no such listener. */
  address(name: string): BrokerAddress | null {
    const found = this.#listeners.get(name);
    if (!found || found.listener.port === null) return null;
    const { host, port } = found.advertised ?? { host: '127.0.0.1', port: found.listener.port };
    return { id: this.id, host, port };
  }

  /** Of each of its listeners: the port that it has. */
  get ports(): ReadonlyMap<string, number> {
    return new Map(
      [...this.#listeners].flatMap(([name, { listener }]) => (listener.port === null ? [] : [[name, listener.port]])),
    );
  }

  /** Nobody is answered any more. `isAbrupt`: as when the process is killed. */
  async stop(isAbrupt: boolean): Promise<void> {
    const closed = [...this.#listeners.keys()].map((name) => this.closeListener(name));
    this.#upkeep.end();
    this.replicas.close(isAbrupt);
    this.groups.close();
    this.transactions.close();
    await Promise.all(closed);
  }

  #coordinatorOf({ topic }: Replica): GroupCoordinator | TransactionCoordinator | null {
    if (topic.name === OFFSETS_TOPIC) return this.groups;
    return topic.name === TRANSACTIONS_TOPIC ? this.transactions : null;
  }
}

/** Into the partition's log, and, where offsets of groups were part of the transaction, to whoever keeps those groups. */
function writeMarker(
  cluster: ClusterContext,
  { topic: name, index }: Parameters<WriteMarker>[0],
  marker: Parameters<WriteMarker>[1],
  done: Parameters<WriteMarker>[2],
): void {
  const topic = cluster.controller.topics.get(name);
  // It was deleted meanwhile: nothing is left to be told.
  if (!topic) {
    done(true);
    return;
  }
  const replica = cluster.leaderOf(topic, index);
  if (!replica) {
    done(false);
    return;
  }
  try {
    const bytes = endMarker({ ...marker, coordinatorEpoch: replica.leaderEpoch, timestamp: cluster.now() });
    const { lastOffset } = replica.append(bytes, true);
    replica.whenThere(lastOffset + 1, true, (error) => {
      if (!error && name === OFFSETS_TOPIC)
        cluster.groupsOf(topic, index)?.transactionEnded(index, marker.producerId, marker.isCommit);
      done(error === null);
    });
  } catch {
    // Its leader cannot write now; it is tried again.
    done(false);
  }
}
