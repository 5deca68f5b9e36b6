import { priorityOf, type Queue } from '../broker/queue.ts';
import { accessRefused, notAllowed, notImplemented, preconditionFailed } from '../protocol/errors.ts';
import type { FieldTable } from '../protocol/field-table.ts';
import { lookUp } from '../protocol/field-table.ts';
import type { MethodArguments } from '../protocol/methods.ts';
import { type Channel, withReturns } from '../session/channel.ts';
import { REPLY_TO, startReplyConsumer } from '../session/direct-reply.ts';
import { recover, settle } from '../session/settlement.ts';
import type { Commands } from './command.ts';
import { newName, queueNameOf } from './names.ts';

export const basicCommands: Commands = {
  'basic.qos'(channel, { prefetchSize, prefetchCount, global }) {
    if (prefetchSize !== 0) throw notImplemented(`prefetch_size!=0 (${prefetchSize})`);
    if (global) channel.setLimit(prefetchCount);
    else {
      channel.prefetch = prefetchCount;
      channel.setLimit(0);
    }
    channel.send('basic.qos-ok', {});
  },
  'basic.consume'(channel, args) {
    const { virtualHost, owner } = channel.line;
    const name = queueNameOf(channel, args.queue);
    if (channel.consumers.has(args.consumerTag) || channel.replyConsumer?.tag === args.consumerTag)
      throw notAllowed(`attempt to reuse consumer tag '${args.consumerTag}'`);
    const tag = args.consumerTag === '' ? newName('amq.ctag') : args.consumerTag;
    if (name === REPLY_TO) {
      consumeReplies(channel, args, tag);
      return;
    }
    const queue = virtualHost.accessibleQueue(name, owner);
    checkConsumerArguments(args.arguments, queue);
    const isQuorum = queue.settings.type === 'quorum';
    if (isQuorum && channel.limit > 0) throw notImplemented(`${queue.label} does not support global qos`);
    const { consumers } = queue;
    if (consumers.hasExclusive || (args.exclusive && (consumers.count > 0 || queue.settings.hasSingleActiveConsumer)))
      throw accessRefused(`${queue.label} in exclusive use`);
    const consumer = channel.subscribe({
      tag,
      queue,
      noAck: args.noAck,
      isExclusive: args.exclusive,
      priority: priorityOf(args.arguments),
      prefetch: channel.prefetch,
      args: args.arguments,
    });
    if (!args.noWait) channel.send('basic.consume-ok', { consumerTag: tag });
    queue.subscribe(consumer);
  },
  'basic.cancel'(channel, { consumerTag, noWait }) {
    const consumer = channel.consumers.get(consumerTag);
    if (!noWait) channel.send('basic.cancel-ok', { consumerTag });
    if (consumer) channel.unsubscribe(consumer);
    else if (channel.replyConsumer?.tag === consumerTag) channel.replyConsumer.stop();
  },
  'basic.get'(channel, { queue: name, noAck }) {
    const { virtualHost, owner } = channel.line;
    const queue = virtualHost.accessibleQueue(queueNameOf(channel, name), owner);
    const entry = queue.get(noAck);
    if (!entry) {
      channel.send('basic.get-empty', {});
      return;
    }
    const { exchange, routingKey } = entry.message;
    channel.sendContent(
      'basic.get-ok',
      {
        deliveryTag: channel.track(entry, noAck, null),
        redelivered: entry.isRedelivered,
        exchange,
        routingKey,
        messageCount: queue.ready.length,
      },
      withReturns(entry),
    );
  },
  'basic.ack': (channel, { deliveryTag, multiple }) => settle(channel, 'acknowledge', deliveryTag, multiple),
  'basic.nack': (channel, { deliveryTag, multiple, requeue }) =>
    settle(channel, requeue ? 'requeue' : 'reject', deliveryTag, multiple),
  'basic.reject': (channel, { deliveryTag, requeue }) =>
    settle(channel, requeue ? 'requeue' : 'reject', deliveryTag, false),
  'basic.recover-async': (channel, { requeue }) => recover(channel, requeue),
  'basic.recover'(channel, { requeue }) {
    recover(channel, requeue);
    channel.send('basic.recover-ok', {});
  },
};

function consumeReplies(channel: Channel, args: MethodArguments<'basic.consume'>, tag: string): void {
  if (!args.noAck) throw preconditionFailed('reply consumer cannot acknowledge');
  if (channel.replyConsumer) throw preconditionFailed('reply consumer already set');
  startReplyConsumer(channel, tag);
  if (!args.noWait) channel.send('basic.consume-ok', { consumerTag: tag });
}

const INTEGERS = ['byte', 'short', 'signedint', 'long', 'unsignedbyte', 'unsignedshort', 'unsignedint'];

function checkConsumerArguments(args: FieldTable, { label, settings }: Queue): void {
  const invalid = (name: string, what: string) => preconditionFailed(`invalid arg '${name}' for ${label}${what}`);
  const priority = lookUp(args, 'x-priority');
  if (priority && !INTEGERS.includes(priority.type))
    throw invalid('x-priority', `: "expected integer, got ${priority.type}"`);
  const failover = lookUp(args, 'x-cancel-on-ha-failover');
  if (failover && settings.type === 'classic' && failover.type !== 'bool')
    throw invalid('x-cancel-on-ha-failover', `: {unacceptable_type,${failover.type}}`);
  for (const [name] of args)
    if (name === 'x-stream-offset' || (name === 'x-cancel-on-ha-failover' && settings.type === 'quorum'))
      throw invalid(name, ` of queue type rabbit_${settings.type}_queue`);
}
