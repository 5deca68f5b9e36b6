import type { Controller } from '../cluster/controller.ts';
import type { TopicMetadata } from '../cluster/metadata.ts';
import type { Replicas } from '../cluster/replicas.ts';
import type { TopicSettings } from '../cluster/topic-config.ts';
import { KafkaError } from '../protocol/errors.ts';
import { type Batch, batchesIn } from '../records/batch.ts';
import { batchOf } from '../records/record.ts';
import type { Replica } from '../replication/replica.ts';

const READ_BYTES = 1024 * 1024;

export interface InternalRecord {
  key: Buffer;
  value: Buffer | null;
}

/** A topic in which the brokers keep what they coordinate: each id has its partition, and the leader of that is responsible. */
export class InternalTopic {
  readonly #name: string;
  readonly #controller: Controller;
  readonly #replicas: Replicas;
  readonly #partitions: number;
  readonly #settings: TopicSettings;
  readonly #now: () => number;

  constructor(options: {
    name: string;
    controller: Controller;
    replicas: Replicas;
    /** If it is not there yet. */
    partitions: number;
    settings: TopicSettings;
    now: () => number;
  }) {
    this.#name = options.name;
    this.#controller = options.controller;
    this.#replicas = options.replicas;
    this.#partitions = options.partitions;
    this.#settings = options.settings;
    this.#now = options.now;
  }

  /** Made when it is first needed, on up to three brokers. */
  ensure(): TopicMetadata {
    return (
      this.#controller.topics.get(this.#name) ??
      this.#controller.createTopic({
        name: this.#name,
        partitions: this.#partitions,
        replicationFactor: Math.min(3, this.#controller.alive.size),
        settings: this.#settings,
      })
    );
  }

  partitionOf(id: string): number {
    const count = this.#controller.topics.get(this.#name)?.partitions.length ?? this.#partitions;
    const hash = Math.abs(javaHash(id));
    return (hash > 0x7fff_ffff ? 0 : hash) % count;
  }

  /** The broker that is responsible; -1 if there is none now. */
  coordinatorOf(id: string): number {
    return this.ensure().partitions[this.partitionOf(id)]?.leader ?? -1;
  }

  /** Fails where this broker is not responsible. */
  leaderReplica(id: string): Replica {
    const topic = this.#controller.topics.get(this.#name);
    const replica = topic && this.#replicas.get(topic, this.partitionOf(id));
    if (!replica?.isLeader) throw new KafkaError('NOT_COORDINATOR', 'This is not the correct coordinator.');
    return replica;
  }

  /** Calls back when all replicas in sync have the records. */
  write(
    id: string,
    records: readonly InternalRecord[],
    done: (error: KafkaError | null) => void,
    /** Of the transaction that they belong to. */
    producer?: { producerId: number; producerEpoch: number },
  ): void {
    let replica: Replica;
    try {
      replica = this.leaderReplica(id);
      if (replica.metadata.isr.length < this.#controller.minInSync(replica.topic, replica.metadata))
        throw new KafkaError('COORDINATOR_NOT_AVAILABLE');
      const { lastOffset } = replica.append(
        batchOf(records, this.#now(), producer && { ...producer, attributes: { isTransactional: true } }),
      );
      replica.whenThere(lastOffset + 1, true, (error) => done(error && new KafkaError(errorFor(error))));
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error;
      done(new KafkaError(errorFor(error)));
    }
  }

  /** All that is there, batch by batch. */
  *batchesOf({ log }: Replica): Generator<Batch> {
    for (let offset = log.startOffset; offset < log.endOffset; ) {
      const before = offset;
      for (const bytes of log.read(offset, log.endOffset, READ_BYTES, true))
        for (const batch of batchesIn(bytes)) {
          offset = batch.nextOffset;
          yield batch;
        }
      if (offset === before) return;
    }
  }
}

const errorFor = ({ error }: KafkaError) =>
  error === 'NOT_LEADER_OR_FOLLOWER'
    ? 'NOT_COORDINATOR'
    : error === 'NOT_COORDINATOR'
      ? error
      : 'COORDINATOR_NOT_AVAILABLE';

/** As Java hashes strings, so that ids lie where Apache Kafka puts them. */
function javaHash(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i += 1) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash;
}
