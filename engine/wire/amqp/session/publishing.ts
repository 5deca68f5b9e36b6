import type { Outcome } from '../broker/broker.ts';
import { inspect, keysOf, Message } from '../broker/message.ts';
import { route } from '../broker/routing.ts';
import { codeOf } from '../protocol/constants.ts';
import { accessRefused, notImplemented, preconditionFailed } from '../protocol/errors.ts';
import { withProperties } from '../protocol/properties.ts';
import type { Content } from './assembler.ts';
import type { Channel } from './channel.ts';
import { deliverReply, isReplyAddress, REPLY_TO } from './direct-reply.ts';
import type { Publication } from './transaction.ts';

/** Takes a message from a client, with the checks that RabbitMQ makes, in its order. */
export function publish(channel: Channel, { publish: args, properties: raw, body }: Content): void {
  const { virtualHost, user } = channel.line;
  if (args.immediate) throw notImplemented('immediate=true');
  const exchange = virtualHost.exchange(args.exchange);
  if (exchange.isInternal) throw accessRefused(`cannot publish to internal ${exchange.label}`);
  let { properties, summary } = inspect(raw);
  if (summary.replyTo === REPLY_TO) {
    if (!channel.replyConsumer) throw preconditionFailed('fast reply consumer does not exist');
    ({ properties, summary } = inspect(withProperties(properties, { replyTo: channel.replyConsumer.address })));
  }
  if (summary.userId !== undefined && summary.userId !== user)
    throw preconditionFailed(`user_id property set to '${summary.userId}' but authenticated user was '${user}'`);
  if (typeof summary.expiration === 'string')
    throw preconditionFailed(`invalid expiration '${summary.rawExpiration}': ${summary.expiration}`);
  if (typeof summary.furtherKeys === 'string') throw preconditionFailed(`invalid message: ${summary.furtherKeys}`);

  const message = new Message(exchange.name, args.routingKey, properties, body, summary);
  const keys = keysOf(message);
  const queues = route(virtualHost, exchange, { keys, headers: () => message.headers });
  if (exchange.name === '') for (const key of keys) if (isReplyAddress(key)) deliverReply(virtualHost, message, key);
  const publication = { message: withoutBlindKeys(message), exchange, queues, isMandatory: args.mandatory };
  if (channel.transaction) channel.transaction.publish(publication);
  else channel.confirms ? channel.confirms.published(send(channel, publication)) : send(channel, publication);
}

/** A drill has taken it; its publisher thinks that all is well. */
const LOST: Outcome = { isRouted: true, isRefused: false, isLogged: false };

/** Puts the message into its queues, or sends it back. */
export function send(channel: Channel, { message, exchange: from, queues, isMandatory }: Publication) {
  const { broker } = channel.line;
  const copies = broker.drill.copies?.(message.exchange, message.routingKey) ?? 1;
  let outcome = copies > 0 ? broker.deliver(message, queues) : LOST;
  for (let copy = 1; copy < copies; copy += 1) outcome = broker.deliver(message, queues);
  from.published += 1;
  if (!outcome.isRouted) from.unroutable += 1;
  if (isMandatory && !outcome.isRouted) {
    const { exchange, routingKey } = message;
    channel.sendContent(
      'basic.return',
      { replyCode: codeOf('NO_ROUTE'), replyText: 'NO_ROUTE', exchange, routingKey },
      message,
    );
  }
  return outcome;
}

/** Receivers do not see to whom else a message went under BCC. */
function withoutBlindKeys(message: Message): Message {
  if (message.summary.furtherKeys === null) return message;
  const { headers } = message;
  if (!headers.some(([name]) => name === 'BCC')) return message;
  const stripped = withProperties(message.properties, { headers: headers.filter(([name]) => name !== 'BCC') });
  return new Message(message.exchange, message.routingKey, stripped, message.body);
}
