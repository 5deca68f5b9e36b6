import type { Uuid } from '../protocol/values.ts';
import type { TopicSettings } from './topic-config.ts';

/** Nobody leads the partition: none of those who are in sync is there. */
export const NO_LEADER = -1;

export interface PartitionMetadata {
  index: number;
  /** Ids of brokers; the first is the one that leads if it can. */
  replicas: number[];
  /** Those of the replicas that are new to a partition that is moved, and those that let it go in the end. */
  adding?: number[];
  removing?: number[];
  /** Those that have everything that was confirmed. */
  isr: number[];
  leader: number;
  /** Goes up with each new leader. */
  leaderEpoch: number;
}

export interface TopicMetadata {
  id: Uuid;
  name: string;
  isInternal: boolean;
  settings: TopicSettings;
  partitions: PartitionMetadata[];
}

/** What a cluster knows of itself, as it is written down. */
export interface ClusterMetadata {
  clusterId: string;
  nextProducerId: number;
  topics: TopicMetadata[];
}

export const OFFSETS_TOPIC = '__consumer_offsets';
export const TRANSACTIONS_TOPIC = '__transaction_state';

const MAX_NAME_LENGTH = 249;

/** Why the name cannot be that of a topic, in Kafka's words; null if it can. */
export function problemWithTopicName(name: string): string | null {
  if (name === '') return 'the empty string is not allowed';
  if (name === '.' || name === '..') return `'${name}' is not allowed`;
  if (name.length > MAX_NAME_LENGTH)
    return `the length of '${name}' is longer than the max allowed length ${MAX_NAME_LENGTH}`;
  if (!/^[a-zA-Z0-9._-]+$/.test(name))
    return `'${name}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'`;
  return null;
}
