import type { BrokerContext } from '../cluster/context.ts';
import { type ErrorName, KafkaError } from '../protocol/errors.ts';
import type { ProducerEpoch, TopicPartition } from '../transactions/transaction.ts';

/**
 * Fails where the partition is not part of the open transaction of the producer. Clients that know it are told that they may
 * abort it and go on.
 */
export function checkInTransaction(
  { cluster }: BrokerContext,
  transactionalId: string,
  producer: ProducerEpoch,
  partition: TopicPartition,
  knowsAbortable: boolean,
): void {
  try {
    cluster.checkInTransaction(transactionalId, producer, partition);
  } catch (error) {
    if (!(error instanceof KafkaError && error.error === 'INVALID_TXN_STATE' && knowsAbortable)) throw error;
    throw new KafkaError('TRANSACTION_ABORTABLE', error.message);
  }
}

/** What a producer is told that another one with its transactional id has taken over from: older clients know one name less. */
export const fencedOr = (error: ErrorName | null, knowsFenced: boolean): ErrorName | null =>
  error === 'PRODUCER_FENCED' && !knowsFenced ? 'INVALID_PRODUCER_EPOCH' : error;
