import { KafkaError } from '../protocol/errors.ts';

/** In the order of the numbers that stand for them on disk. */
export const transactionStates = [
  'Empty',
  'Ongoing',
  'PrepareCommit',
  'PrepareAbort',
  'CompleteCommit',
  'CompleteAbort',
] as const;
export type TransactionState = (typeof transactionStates)[number];

export interface TopicPartition {
  topic: string;
  index: number;
}

/** Who writes: a producer, and which of those that had its transactional id one after the other. */
export interface ProducerEpoch {
  readonly producerId: number;
  readonly producerEpoch: number;
}

/** What belongs to one transactional id: its producer, and the transaction that this one has open. */
export interface Transaction {
  readonly id: string;
  producerId: number;
  producerEpoch: number;
  timeoutMs: number;
  state: TransactionState;
  partitions: TopicPartition[];
  /** Epoch milliseconds; -1 where none is open. */
  startedAtMs: number;
  updatedAtMs: number;
}

/** Fails where somebody else has taken over the transactional id, or the transaction before is not over. */
export function checkProducer(transaction: Transaction | undefined, producerId: number, epoch: number): Transaction {
  if (transaction?.producerId !== producerId)
    throw new KafkaError(
      'INVALID_PRODUCER_ID_MAPPING',
      'The producer attempted to use a producer id which is not currently assigned to its transactional id.',
    );
  if (transaction.producerEpoch !== epoch)
    throw new KafkaError(
      'PRODUCER_FENCED',
      'There is a newer producer with the same transactionalId which fences the current one.',
    );
  return transaction;
}

export const isEnding = ({ state }: Transaction): boolean => state === 'PrepareCommit' || state === 'PrepareAbort';

export const hasPartition = ({ partitions }: Transaction, topic: string, index: number): boolean =>
  partitions.some((each) => each.topic === topic && each.index === index);
