import type { Destination, Routing } from './broker.ts';

/** How a queue or an exchange of AMQP 0-9-1 is declared; of a queue `arguments` are those of RabbitMQ. */
export type AmqpDeclaration =
  | {
      kind: 'queue';
      isDurable: boolean;
      /** What is published to it outlives its broker, where the queue does. */
      isPersistent: boolean;
      /** 0: it has no priorities. */
      maxPriority: number;
      arguments: Readonly<Record<string, string | number | boolean>>;
    }
  | { kind: 'exchange'; type: Routing['type']; isDurable: boolean; isPersistent: boolean; maxPriority: number };

export const amqpDeclarationOf = ({ declaration }: Destination): AmqpDeclaration => declaration as AmqpDeclaration;

/** What a binding asks of the headers of a message, as a broker is told. */
export const bindingArguments = (
  { type }: Routing,
  { headers, match }: Routing['bindings'][number],
): Readonly<Record<string, string>> => (type === 'headers' ? { ...headers, 'x-match': match } : {});

/** Where messages wait for their time: each such queue has a time to live, and dead-letters to where they belong. */
const DELAYED = 'archipel.delay';
/** The queue in which clients say which of those they have declared: nobody else could list them. */
export const DELAYED_NAMES = `${DELAYED}s`;
export const delayedNames = { durable: true, maxLength: 1000 };

/** Of messages that are due after `delayMs` in a queue, or at an exchange with a routing key. */
export const delayedQueue = (
  of: { delayMs: number; queue: string } | { delayMs: number; exchange: string; key: string },
) => ('queue' in of ? `${DELAYED}.${of.delayMs}.q.${of.queue}` : `${DELAYED}.${of.delayMs}.x.${of.exchange}.${of.key}`);

/** Whether messages wait in it that belong to the queue, or may: those of an exchange could be anybody's. */
export function isDelayedFor(name: string, queue: string): boolean {
  const [, kind, rest] = /^archipel\.delay\.\d+\.([qx])\.(.*)$/s.exec(name) ?? [];
  return kind === 'x' || (kind === 'q' && rest === queue);
}
