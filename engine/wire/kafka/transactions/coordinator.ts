import type { InternalTopic } from '../coordination/internal-topic.ts';
import { decodeVersioned, encodeVersioned } from '../coordination/versioned.ts';
import { type ErrorName, KafkaError } from '../protocol/errors.ts';
import { transactionKey, transactionValue } from '../protocol/tables/coordinator-records.ts';
import { recordsOf } from '../records/record.ts';
import type { Replica } from '../replication/replica.ts';
import {
  checkProducer,
  hasPartition,
  isEnding,
  type ProducerEpoch,
  type TopicPartition,
  type Transaction,
  type TransactionState,
  transactionStates,
} from './transaction.ts';

const RECORD_VERSION = 0;
/** Kafka's `transaction.max.timeout.ms`. */
const MAX_TIMEOUT_MS = 15 * 60_000;
const LAST_EPOCH = 0x7ffe;
const RETRY_MS = 100;

type Done = (error: ErrorName | null) => void;

/** Writes the end of a transaction into a partition, wherever that is led; calls back with true when it is there. */
export type WriteMarker = (
  partition: TopicPartition,
  marker: { isCommit: boolean; producerId: number; producerEpoch: number },
  done: (isThere: boolean) => void,
) => void;

/** Keeps the transactional ids whose partition of `__transaction_state` this broker leads. */
export class TransactionCoordinator {
  readonly #topic: InternalTopic;
  readonly #nextProducerId: () => number;
  readonly #writeMarker: WriteMarker;
  readonly #now: () => number;
  readonly #transactions = new Map<string, Transaction>();
  readonly #timers = new Set<NodeJS.Timeout>();
  /** Called when the transaction that is being ended has ended. */
  readonly #ended = new Map<string, (() => void)[]>();

  constructor(options: {
    topic: InternalTopic;
    nextProducerId(): number;
    writeMarker: WriteMarker;
    now: () => number;
  }) {
    this.#topic = options.topic;
    this.#nextProducerId = options.nextProducerId;
    this.#writeMarker = options.writeMarker;
    this.#now = options.now;
  }

  /** This broker leads the partition from now on: brings back what was written there, and ends what was being ended. */
  load(replica: Replica): void {
    for (const batch of this.#topic.batchesOf(replica))
      for (const { key, value } of recordsOf(batch)) if (key) this.#restore(key, value);
    for (const transaction of this.#transactions.values())
      if (isEnding(transaction) && this.#topic.partitionOf(transaction.id) === replica.index)
        this.#writeMarkers(transaction);
  }

  unload(index: number): void {
    for (const id of this.#transactions.keys())
      if (this.#topic.partitionOf(id) === index) this.#transactions.delete(id);
  }

  /** Gives the id a producer; one that had it before cannot go on. `done` has its id and epoch, or why not. */
  init(
    id: string,
    timeoutMs: number,
    /** What the client is already, if it is something. */
    known: { producerId: number; producerEpoch: number },
    done: (error: ErrorName | null, producerId: number, producerEpoch: number) => void,
  ): void {
    const refuse = (error: ErrorName): void => done(error, -1, -1);
    this.#topic.leaderReplica(id);
    if (timeoutMs <= 0 || timeoutMs > MAX_TIMEOUT_MS) {
      refuse('INVALID_TRANSACTION_TIMEOUT');
      return;
    }
    const found = this.#transactions.get(id);
    if (found && known.producerId >= 0) {
      if (found.producerId !== known.producerId || found.producerEpoch !== known.producerEpoch) {
        refuse('PRODUCER_FENCED');
        return;
      }
    }
    if (found && isEnding(found)) {
      refuse('CONCURRENT_TRANSACTIONS');
      return;
    }
    if (found?.state === 'Ongoing') {
      this.#abortFenced(found, (error) => {
        if (error) refuse(error);
        else this.init(id, timeoutMs, { producerId: -1, producerEpoch: -1 }, done);
      });
      return;
    }
    const isSpent = !found || found.producerEpoch >= LAST_EPOCH;
    const transaction: Transaction = {
      id,
      producerId: isSpent ? this.#nextProducerId() : found.producerId,
      producerEpoch: isSpent ? 0 : found.producerEpoch + 1,
      timeoutMs,
      state: 'Empty',
      partitions: [],
      startedAtMs: -1,
      updatedAtMs: this.#now(),
    };
    this.#write(transaction, (error) => done(error, transaction.producerId, transaction.producerEpoch));
  }

  /** The transaction begins with its first partition. */
  addPartitions(
    id: string,
    producerId: number,
    producerEpoch: number,
    partitions: readonly TopicPartition[],
    done: Done,
  ): void {
    const transaction = this.#checked(id, producerId, producerEpoch);
    if (isEnding(transaction)) throw new KafkaError('CONCURRENT_TRANSACTIONS');
    const isOpen = transaction.state === 'Ongoing';
    const before = isOpen ? transaction.partitions : [];
    const added = partitions.filter(({ topic, index }) => !isOpen || !hasPartition(transaction, topic, index));
    if (added.length === 0) {
      done(null);
      return;
    }
    this.#write(
      {
        ...transaction,
        state: 'Ongoing',
        partitions: [...before, ...added],
        startedAtMs: isOpen ? transaction.startedAtMs : this.#now(),
      },
      done,
    );
  }

  end(id: string, producerId: number, producerEpoch: number, isCommit: boolean, done: Done): void {
    const transaction = this.#checked(id, producerId, producerEpoch);
    const [preparing, complete]: [TransactionState, TransactionState] = isCommit
      ? ['PrepareCommit', 'CompleteCommit']
      : ['PrepareAbort', 'CompleteAbort'];
    switch (transaction.state) {
      case 'Ongoing':
        this.#prepare(transaction, preparing, done);
        return;
      case complete:
        // It was asked for before, and the answer was lost.
        done(null);
        return;
      case preparing:
        throw new KafkaError('CONCURRENT_TRANSACTIONS');
      default:
        throw new KafkaError('INVALID_TXN_STATE');
    }
  }

  /** Fails where the partition is no part of the open transaction of the id, or the producer is not the one that has it. */
  checkInTransaction(id: string, { producerId, producerEpoch }: ProducerEpoch, partition: TopicPartition): void {
    const transaction = this.#transactions.get(id);
    if (transaction?.producerId !== producerId) throw new KafkaError('INVALID_PRODUCER_ID_MAPPING');
    if (transaction.producerEpoch !== producerEpoch) throw new KafkaError('INVALID_PRODUCER_EPOCH');
    if (transaction.state !== 'Ongoing' || !hasPartition(transaction, partition.topic, partition.index))
      throw new KafkaError('INVALID_TXN_STATE', 'The partition was not added to the transaction.');
  }

  /** Takes back what is open for longer than its producer said. */
  expire(): void {
    const nowMs = this.#now();
    for (const transaction of this.#transactions.values())
      if (transaction.state === 'Ongoing' && nowMs - transaction.startedAtMs > transaction.timeoutMs)
        this.#abortFenced(transaction, () => {});
  }

  get all(): ReadonlyMap<string, Readonly<Transaction>> {
    return this.#transactions;
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#transactions.clear();
  }

  #checked(id: string, producerId: number, producerEpoch: number): Transaction {
    this.#topic.leaderReplica(id);
    return checkProducer(this.#transactions.get(id), producerId, producerEpoch);
  }

  /** Under a new epoch, so that its producer can add nothing more. */
  #abortFenced(transaction: Transaction, done: Done): void {
    const { id, producerEpoch } = transaction;
    this.#prepare({ ...transaction, producerEpoch: producerEpoch + 1 }, 'PrepareAbort', (error) => {
      const now = this.#transactions.get(id);
      if (error || !now || !isEnding(now)) done(error);
      else this.#ended.set(id, [...(this.#ended.get(id) ?? []), () => done(null)]);
    });
  }

  /** What is to become of it is decided when this is written; then every partition is told. */
  #prepare(transaction: Transaction, state: TransactionState, done: Done): void {
    this.#write({ ...transaction, state }, (error) => {
      const now = this.#transactions.get(transaction.id);
      if (!error && now) this.#writeMarkers(now);
      done(error);
    });
  }

  #writeMarkers(transaction: Transaction): void {
    const { id, producerId, producerEpoch, partitions } = transaction;
    const isCommit = transaction.state === 'PrepareCommit';
    let left = partitions.length;
    const oneIsThere = (): void => {
      left -= 1;
      if (left > 0 || this.#transactions.get(id) !== transaction) return;
      const complete = isCommit ? 'CompleteCommit' : 'CompleteAbort';
      this.#write({ ...transaction, state: complete, partitions: [], startedAtMs: -1 }, () => {
        for (const each of this.#ended.get(id) ?? []) each();
        this.#ended.delete(id);
      });
    };
    const tell = (partition: TopicPartition): void => {
      if (this.#transactions.get(id) !== transaction) return;
      this.#writeMarker(partition, { isCommit, producerId, producerEpoch }, (isThere) => {
        if (isThere) oneIsThere();
        else this.#later(() => tell(partition));
      });
    };
    for (const partition of partitions) tell(partition);
  }

  #later(work: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      work();
    }, RETRY_MS).unref();
    this.#timers.add(timer);
  }

  /** It holds from now on, and is taken back if it cannot be written. */
  #write(transaction: Transaction, done: Done): void {
    const before = this.#transactions.get(transaction.id);
    const written = { ...transaction, updatedAtMs: this.#now() };
    this.#transactions.set(written.id, written);
    this.#topic.write(written.id, [recordOf(written)], (error) => {
      if (error && this.#transactions.get(written.id) === written) {
        if (before) this.#transactions.set(before.id, before);
        else this.#transactions.delete(written.id);
      }
      done(error?.error ?? null);
    });
  }

  #restore(key: Buffer, value: Buffer | null): void {
    const { transactionalId: id } = decodeVersioned(transactionKey, key);
    if (value === null) {
      this.#transactions.delete(id);
      return;
    }
    const found = decodeVersioned(transactionValue, value);
    this.#transactions.set(id, {
      id,
      producerId: found.producerId,
      producerEpoch: found.producerEpoch,
      timeoutMs: found.transactionTimeoutMs,
      state: transactionStates[found.transactionStatus] ?? 'Empty',
      partitions: (found.transactionPartitions ?? []).flatMap(({ topic, partitionIds }) =>
        partitionIds.map((index) => ({ topic, index })),
      ),
      startedAtMs: found.transactionStartTimestampMs,
      updatedAtMs: found.transactionLastUpdateTimestampMs,
    });
  }
}

const recordOf = (transaction: Transaction) => ({
  key: encodeVersioned(transactionKey, RECORD_VERSION, { transactionalId: transaction.id }),
  value: encodeVersioned(transactionValue, RECORD_VERSION, {
    producerId: transaction.producerId,
    producerEpoch: transaction.producerEpoch,
    transactionTimeoutMs: transaction.timeoutMs,
    transactionStatus: transactionStates.indexOf(transaction.state),
    transactionPartitions: transaction.partitions.map(({ topic, index }) => ({ topic, partitionIds: [index] })),
    transactionLastUpdateTimestampMs: transaction.updatedAtMs,
    transactionStartTimestampMs: transaction.startedAtMs,
  }),
});
