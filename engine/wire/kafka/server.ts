import { Admin } from './admin.ts';
import type { ListenerOptions } from './cluster/broker.ts';
import { Cluster, type ClusterOptions } from './cluster/cluster.ts';
import type { NewTopic } from './cluster/controller.ts';

export interface KafkaCluster {
  /** Opens the ports; resolves with the ports of the brokers, in their order. */
  listen(): Promise<number[]>;
  /** What brokers, topics and groups are doing. */
  readonly admin: Admin;
  /** Fails with a `KafkaError` where it cannot be. */
  createTopic(topic: NewTopic): void;
  deleteTopic(name: string): void;
  /** Ids of the brokers that run. */
  readonly running: number[];
  /**
   * Stops one broker. Its partitions get other leaders at once, or, if it ends abruptly, as with SIGKILL, when the others miss it
   * (`brokerSessionTimeoutMs`).
   */
  stopBroker(id: number, options?: { isAbrupt?: boolean }): Promise<void>;
  /** On the ports that it had. */
  startBroker(id: number): Promise<void>;
  /** Followers on the broker do as if they could not reach their leaders. */
  pauseReplication(id: number, isPaused: boolean): void;
  /**
   * A further way to a broker, with an advertised address of its own: clients that come this way are told the addresses that the
   * brokers have under the same name. So each client may have proxies of its own before the brokers. Resolves with the port.
   */
  addListener(brokerId: number, name: string, options?: ListenerOptions): Promise<number>;
  removeListener(brokerId: number, name: string): Promise<void>;
  /** What was there when it was made; null without a data directory. Bytes at the ends of logs that were no whole batch are cut off. */
  readonly recovered: { topics: number; cutOffBytes: number } | null;
  /** Resolves when all connections are closed, the ports are free and everything is on the disk. */
  close(): Promise<void>;
}

/** Brokers that are one cluster, all in this process, each with a port of its own on 127.0.0.1. */
export function createCluster(options: ClusterOptions = {}): KafkaCluster {
  const cluster = new Cluster(options);
  const topics = [...cluster.controller.topics.values()].filter(({ isInternal }) => !isInternal).length;
  const recovered = options.dataDir === undefined ? null : { topics, cutOffBytes: cluster.cutOffBytes };
  return {
    admin: new Admin(cluster),
    listen: () => cluster.start(),
    createTopic: (topic) => void cluster.controller.createTopic(topic),
    deleteTopic: (name) => cluster.controller.deleteTopic(name),
    get running() {
      return [...cluster.running.keys()].sort((a, b) => a - b);
    },
    stopBroker: (id, { isAbrupt } = {}) => cluster.stopBroker(id, { isAbrupt }),
    startBroker: (id) => cluster.startBroker(id),
    pauseReplication: (id, isPaused) => cluster.pauseReplication(id, isPaused),
    addListener: (id, name, given) => cluster.addListener(id, name, given),
    removeListener: (id, name) => cluster.removeListener(id, name),
    recovered,
    close: () => cluster.stop(),
  };
}

export interface KafkaServer extends Omit<KafkaCluster, 'listen'> {
  /** Resolves with the port. */
  listen(): Promise<number>;
}

/** One broker, which is a cluster by itself. */
export function createServer({
  port,
  ...options
}: Omit<ClusterOptions, 'brokers' | 'ports'> & { port?: number } = {}): KafkaServer {
  const cluster = createCluster({ ...options, brokers: 1, ports: [port ?? 0] });
  const server = Object.create(cluster) as KafkaServer;
  server.listen = async () => (await cluster.listen())[0] as number;
  return server;
}
