/** What holds for a whole cluster. In brackets: Apache Kafka's name for it. */
export interface ClusterSettings {
  /** Of topics that do not say (`num.partitions`). */
  defaultPartitions: number;
  /** `default.replication.factor` */
  defaultReplicationFactor: number;
  /** Who asks for a topic that is not there makes it (`auto.create.topics.enable`). */
  autoCreateTopics: boolean;
  /** The longest request (`socket.request.max.bytes`). */
  maxRequestBytes: number;
  /** The longest answer to one fetch, but for a first batch that is longer (`fetch.max.bytes`). */
  fetchMaxBytes: number;
  /** Held for all connections together: requests that are not there whole, and answers that nobody takes. */
  maxHeldBytes: number;
  /** Of one broker (`max.connections`). */
  maxConnections: number;
  /** `connections.max.idle.ms` */
  maxIdleMs: number;
  /** How long a group that was empty waits for more members (`group.initial.rebalance.delay.ms`). */
  groupInitialRebalanceDelayMs: number;
  /** `group.min.session.timeout.ms` */
  groupMinSessionTimeoutMs: number;
  /** `group.max.session.timeout.ms` */
  groupMaxSessionTimeoutMs: number;
  /** Of groups in which nobody is (`offsets.retention.minutes`). */
  offsetsRetentionMs: number;
  /** Of `__consumer_offsets` and `__transaction_state`, when they are made (`offsets.topic.num.partitions`). */
  internalTopicPartitions: number;
  /** A follower that has not caught up for so long is not in sync (`replica.lag.time.max.ms`). */
  replicaLagMaxMs: number;
  /** A broker that ended without a word is missed after so long (`broker.session.timeout.ms`). */
  brokerSessionTimeoutMs: number;
  /** `log.retention.check.interval.ms` */
  retentionCheckIntervalMs: number;
  /** How often logs are looked at for compaction (`log.cleaner.backoff.ms`). */
  compactionCheckIntervalMs: number;
}

const MINUTE_MS = 60_000;
const MIB = 1024 * 1024;

/** Apache Kafka's, but for the delay of groups (its quick start has none either) and for what is held in memory. */
export const defaultSettings: ClusterSettings = {
  defaultPartitions: 1,
  defaultReplicationFactor: 1,
  autoCreateTopics: true,
  maxRequestBytes: 100 * MIB,
  fetchMaxBytes: 16 * MIB,
  maxHeldBytes: 256 * MIB,
  maxConnections: 10_000,
  maxIdleMs: 10 * MINUTE_MS,
  groupInitialRebalanceDelayMs: 0,
  groupMinSessionTimeoutMs: 6000,
  groupMaxSessionTimeoutMs: 30 * MINUTE_MS,
  offsetsRetentionMs: 7 * 24 * 60 * MINUTE_MS,
  internalTopicPartitions: 10,
  replicaLagMaxMs: 30_000,
  brokerSessionTimeoutMs: 9000,
  retentionCheckIntervalMs: 5 * MINUTE_MS,
  compactionCheckIntervalMs: 15_000,
};
