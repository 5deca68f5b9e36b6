import type { Memory } from '../connection/memory.ts';
import type { InternalTopic } from '../coordination/internal-topic.ts';
import type { GroupCoordinator } from '../groups/coordinator.ts';
import type { DiskDrill } from '../log/log.ts';
import type { Replica } from '../replication/replica.ts';
import type { TransactionCoordinator } from '../transactions/coordinator.ts';
import type { ProducerEpoch, TopicPartition } from '../transactions/transaction.ts';
import type { Controller } from './controller.ts';
import type { TopicMetadata } from './metadata.ts';
import type { Replicas } from './replicas.ts';
import type { ClusterSettings } from './settings.ts';

/** Where clients reach a broker. */
export interface BrokerAddress {
  id: number;
  host: string;
  port: number;
}

export interface AnsweredRequest {
  /** Kafka's name of it. */
  name: string;
  durationMs: number;
}

/** Who looks on, or in between, as requests are answered. */
export interface Observer {
  delayMs?: (() => number) | undefined;
  answered?: ((request: AnsweredRequest) => void) | undefined;
}

/** What a broker, and whoever answers its requests, knows of its cluster. */
export interface ClusterContext {
  readonly controller: Controller;
  readonly settings: ClusterSettings;
  readonly memory: Memory;
  /** Epoch milliseconds. */
  now(): number;
  readonly observer: Observer | null;
  readonly disk: DiskDrill;
  /** Of the brokers that are there and have a listener of that name. */
  addresses(listener: string): BrokerAddress[];
  /** The replica that leads the partition, if its broker is there. */
  leaderOf(topic: TopicMetadata, index: number): Replica | null;
  /** Of the broker that leads the partition, if it is there. */
  groupsOf(topic: TopicMetadata, index: number): GroupCoordinator | null;
  /** Fails where the partition is not part of the open transaction of the producer. */
  checkInTransaction(transactionalId: string, producer: ProducerEpoch, partition: TopicPartition): void;
}

/** A broker as those see it who answer its requests. */
export interface BrokerContext {
  readonly id: number;
  readonly cluster: ClusterContext;
  readonly replicas: Replicas;
  readonly groups: GroupCoordinator;
  readonly transactions: TransactionCoordinator;
  readonly offsetsTopic: InternalTopic;
  readonly transactionsTopic: InternalTopic;
}
