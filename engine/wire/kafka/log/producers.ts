import { KafkaError } from '../protocol/errors.ts';
import { type Batch, NO_PRODUCER, NO_SEQUENCE } from '../records/batch.ts';

/** Batches of one producer that are known again when they come twice; as many as it may have under way. */
const REMEMBERED_BATCHES = 5;
const NO_EPOCH = -1;

interface Remembered {
  firstSequence: number;
  lastSequence: number;
  firstOffset: number;
  lastOffset: number;
  timestamp: number;
}

interface Producer {
  epoch: number;
  batches: Remembered[];
  /** Of the transaction that is open here. */
  transactionFrom: number | null;
  usedAtMs: number;
}

/** A transaction that has ended here. */
export interface EndedTransaction {
  producerId: number;
  firstOffset: number;
  /** Of the marker that ended it. */
  lastOffset: number;
}

export type AbortedTransaction = EndedTransaction & { lastStableOffset: number };

/** What a partition knows of its producers, as it is written down. */
export interface ProducersSnapshot {
  producers: ({ id: number } & Producer)[];
  aborted: AbortedTransaction[];
}

/**
 * The producers of one partition: what comes twice is found out, what comes out of order is refused, and transactions are
 * followed from their first record to their marker.
 */
export class Producers {
  readonly #producers = new Map<number, Producer>();
  /** Ended, but with a marker that is not replicated everywhere: nobody may read past their beginning yet. */
  #unreplicated: EndedTransaction[] = [];
  #aborted: AbortedTransaction[] = [];

  /** What was answered for the same batch before, or null. Fails where the batch may not be appended. */
  check(batch: Batch): { firstOffset: number; timestamp: number } | null {
    const { producerId, producerEpoch, baseSequence, lastSequence } = batch;
    if (producerId === NO_PRODUCER) return null;
    const producer = this.#producers.get(producerId);
    if (!producer) return null;
    if (producerEpoch < producer.epoch)
      throw new KafkaError(
        'INVALID_PRODUCER_EPOCH',
        `Epoch of producer ${producerId} is ${producerEpoch}, which is smaller than the last seen epoch ${producer.epoch}`,
      );
    if (batch.isControl) return null;
    if (producerEpoch === producer.epoch) {
      const same = producer.batches.find(
        (each) => each.firstSequence === baseSequence && each.lastSequence === lastSequence,
      );
      if (same) return { firstOffset: same.firstOffset, timestamp: same.timestamp };
      const last = producer.batches.at(-1);
      if (!last) return null;
      const expected = last.lastSequence === 0x7fff_ffff ? 0 : last.lastSequence + 1;
      if (baseSequence !== expected)
        throw new KafkaError(
          'OUT_OF_ORDER_SEQUENCE_NUMBER',
          `Out of order sequence number for producer ${producerId}: ${baseSequence} (incoming seq. number), ${last.lastSequence} (current end sequence number)`,
        );
      return null;
    }
    if (baseSequence !== 0 && producer.epoch !== NO_EPOCH)
      throw new KafkaError(
        'OUT_OF_ORDER_SEQUENCE_NUMBER',
        `Invalid sequence number for new epoch of producer ${producerId}: ${producerEpoch} (request epoch), ${baseSequence} (seq. number), ${producer.epoch} (current producer epoch)`,
      );
    return null;
  }

  /** The batch is in the log. `isAbort`: of a marker, whether it ends its transaction without effect. */
  appended(batch: Batch, atMs: number, isAbort: boolean | null, highWatermark: number): void {
    const { producerId } = batch;
    if (producerId === NO_PRODUCER) return;
    let producer = this.#producers.get(producerId);
    if (!producer) {
      producer = { epoch: batch.producerEpoch, batches: [], transactionFrom: null, usedAtMs: atMs };
      this.#producers.set(producerId, producer);
    }
    if (batch.producerEpoch !== producer.epoch) {
      producer.epoch = batch.producerEpoch;
      producer.batches = [];
    }
    producer.usedAtMs = atMs;
    if (batch.isControl) this.#ended(producerId, producer, batch.lastOffset, isAbort === true, highWatermark);
    else this.#sent(producer, batch);
  }

  #sent(producer: Producer, batch: Batch): void {
    const { baseOffset, lastOffset, baseSequence, lastSequence, maxTimestamp } = batch;
    if (baseSequence !== NO_SEQUENCE) {
      producer.batches.push({
        firstSequence: baseSequence,
        lastSequence,
        firstOffset: baseOffset,
        lastOffset,
        timestamp: maxTimestamp,
      });
      if (producer.batches.length > REMEMBERED_BATCHES) producer.batches.shift();
    }
    if (batch.isTransactional) producer.transactionFrom ??= baseOffset;
  }

  #ended(producerId: number, producer: Producer, lastOffset: number, isAbort: boolean, highWatermark: number): void {
    const firstOffset = producer.transactionFrom;
    producer.transactionFrom = null;
    if (firstOffset === null) return;
    const ended = { producerId, firstOffset, lastOffset };
    this.#unreplicated.push(ended);
    if (isAbort) {
      const open = [...this.#producers.values()].flatMap(({ transactionFrom }) => transactionFrom ?? []);
      this.#aborted.push({ ...ended, lastStableOffset: Math.min(lastOffset + 1, ...open) });
    }
    this.replicated(highWatermark);
  }

  /** All before the offset is replicated. */
  replicated(highWatermark: number): void {
    if (this.#unreplicated.length > 0)
      this.#unreplicated = this.#unreplicated.filter(({ lastOffset }) => lastOffset >= highWatermark);
  }

  /** All before it is decided: nothing there is of a transaction that is open. */
  firstUndecided(): number {
    let first = Number.POSITIVE_INFINITY;
    for (const { transactionFrom } of this.#producers.values())
      if (transactionFrom !== null && transactionFrom < first) first = transactionFrom;
    for (const { firstOffset } of this.#unreplicated) if (firstOffset < first) first = firstOffset;
    return first;
  }

  /** Transactions that ended without effect and have records from `from` on and before `to`. */
  abortedBetween(from: number, to: number): AbortedTransaction[] {
    return this.#aborted.filter(({ firstOffset, lastOffset }) => lastOffset >= from && firstOffset < to);
  }

  get aborted(): readonly AbortedTransaction[] {
    return this.#aborted;
  }

  /** Forgets who was not here for long, and what lies before the start of the log. */
  expire(olderThanMs: number, startOffset: number): void {
    for (const [id, producer] of this.#producers)
      if (producer.usedAtMs < olderThanMs && producer.transactionFrom === null) this.#producers.delete(id);
    this.#aborted = this.#aborted.filter(({ lastOffset }) => lastOffset >= startOffset);
  }

  get size(): number {
    return this.#producers.size;
  }

  snapshot(): ProducersSnapshot {
    return { producers: [...this.#producers].map(([id, producer]) => ({ id, ...producer })), aborted: this.#aborted };
  }

  restore({ producers, aborted }: ProducersSnapshot): void {
    this.#producers.clear();
    for (const { id, ...producer } of producers)
      this.#producers.set(id, { ...producer, batches: [...producer.batches] });
    this.#aborted = [...aborted];
    this.#unreplicated = [];
  }
}
