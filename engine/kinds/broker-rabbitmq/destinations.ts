import type { AmqpDeclaration } from '../../model/amqp-declaration.ts';
import type { Destination, Routing } from '../../model/broker.ts';

/** What of a config it is made of. Without a schema: the process of the broker reads it too. */
export interface Declared {
  queues: readonly {
    name: string;
    type: 'classic' | 'quorum';
    durable: boolean;
    persistent: boolean;
    maxPriority: number | null;
    messageTtlMs: number | null;
    maxLength: number | null;
    overflow: 'drop-head' | 'reject-publish';
    deadLetter: string | null;
    singleActiveConsumer: boolean;
  }[];
  exchanges: readonly { name: string; type: Routing['type']; durable: boolean; persistent: boolean }[];
  bindings: readonly {
    exchange: string;
    to: string;
    key: string;
    headers: readonly { name: string; value: string }[];
    match: 'all' | 'any';
  }[];
}

/** Queues and exchanges, as messages go to them and as they are declared. */

export const rabbitDestinations = ({ queues, exchanges, bindings }: Declared): Destination[] => {
  const kept = queues.map(
    ({ name, durable: isDurable, persistent: isPersistent, deadLetter, ...queue }): Destination => {
      const declaration: AmqpDeclaration = {
        ...{ kind: 'queue', isDurable, isPersistent, maxPriority: queue.maxPriority ?? 0 },
        arguments: {
          ...(queue.type === 'quorum' && { 'x-queue-type': 'quorum' }),
          ...(queue.maxPriority !== null && { 'x-max-priority': queue.maxPriority }),
          ...(queue.messageTtlMs !== null && { 'x-message-ttl': queue.messageTtlMs }),
          ...(queue.maxLength !== null && { 'x-max-length': queue.maxLength, 'x-overflow': queue.overflow }),
          ...(deadLetter !== null && { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': deadLetter }),
          ...(queue.singleActiveConsumer && { 'x-single-active-consumer': true }),
        },
      };
      return {
        ...{ name, pattern: 'queue', maxLength: queue.maxLength, setsAside: deadLetter !== null, declaration },
        ...{ acks: ['after', 'before', 'none'], takes: queue.maxPriority === null ? ['delay'] : ['delay', 'priority'] },
        ...(deadLetter !== null && { deadLetter }),
      };
    },
  );
  const routed = exchanges.map(({ name, type, durable: isDurable, persistent: isPersistent }): Destination => {
    const declaration: AmqpDeclaration = { kind: 'exchange', type, isDurable, isPersistent, maxPriority: 0 };
    const own = bindings
      .filter(({ exchange }) => exchange === name)
      .map(({ to, key, headers, match }) => ({
        ...{ to, key, match },
        headers: Object.fromEntries(headers.map((header) => [header.name, header.value])),
      }));
    return {
      ...{ name, pattern: 'exchange', maxLength: null, setsAside: false, declaration },
      ...{ acks: [], takes: ['delay', 'priority', 'routing'], routing: { type, bindings: own } },
    };
  });
  return [...kept, ...routed];
};
