import { queueTypeOf } from '../broker/queue-arguments.ts';
import { refuseReserved } from '../broker/virtual-host.ts';
import { notImplemented, preconditionFailed } from '../protocol/errors.ts';
import type { MethodArguments } from '../protocol/methods.ts';
import type { Channel } from '../session/channel.ts';
import { isReplyAddress, REPLY_TO, replyConsumerExists } from '../session/direct-reply.ts';
import type { Commands } from './command.ts';
import { newName, queueNameOf, routingKeyOf, withoutLineEnds } from './names.ts';

export const queueCommands: Commands = {
  'queue.declare'(channel, args) {
    const { virtualHost, owner } = channel.line;
    const name = withoutLineEnds(args.queue);
    if (name.startsWith(REPLY_TO)) {
      if (isReplyAddress(name) && !replyConsumerExists(virtualHost, name)) virtualHost.queue(name);
      declared(channel, args, name, 0, 1);
      return;
    }
    if (args.passive) virtualHost.queue(name).touch();
    const queue = args.passive
      ? virtualHost.accessibleQueue(name, owner)
      : virtualHost.declareQueue({
          name: nameFor(name, args),
          isDurable: args.durable,
          isAutoDelete: args.autoDelete,
          owner: args.exclusive ? owner : null,
          args: args.arguments,
        });
    declared(channel, args, queue.name, queue.ready.length, queue.consumers.count);
  },
  'queue.delete'(channel, { queue: given, ifUnused, ifEmpty, noWait }) {
    const { virtualHost, owner } = channel.line;
    const name = queueNameOf(channel, withoutLineEnds(given));
    let count = 0;
    if (virtualHost.queues.has(name)) {
      const queue = virtualHost.accessibleQueue(name, owner);
      if (queue.settings.type === 'quorum' && (ifUnused || ifEmpty))
        throw notImplemented(
          `cannot delete ${queue.label}. queue.delete operations with if-${ifUnused ? 'unused' : 'empty'} flag set are not supported by quorum queues`,
        );
      if (ifEmpty && queue.ready.length > 0) throw preconditionFailed(`${queue.label} not empty`);
      if (ifUnused && queue.consumers.count > 0) throw preconditionFailed(`${queue.label} in use`);
      count = virtualHost.deleteQueue(queue);
    }
    if (!noWait) channel.send('queue.delete-ok', { messageCount: count });
  },
  'queue.purge'(channel, { queue, noWait }) {
    const { virtualHost, owner } = channel.line;
    const messageCount = virtualHost.accessibleQueue(queueNameOf(channel, queue), owner).purge();
    if (!noWait) channel.send('queue.purge-ok', { messageCount });
  },
  'queue.bind'(channel, { queue, exchange, routingKey, noWait, arguments: args }) {
    const { virtualHost, owner } = channel.line;
    const name = withoutLineEnds(queueNameOf(channel, queue));
    virtualHost.bind(
      {
        source: withoutLineEnds(exchange),
        destination: { kind: 'queue', name },
        key: routingKeyOf(channel, queue, routingKey),
        args,
      },
      () => virtualHost.accessibleQueue(name, owner),
    );
    if (!noWait) channel.send('queue.bind-ok', {});
  },
  'queue.unbind'(channel, { queue, exchange, routingKey, arguments: args }) {
    const { virtualHost, owner } = channel.line;
    const name = withoutLineEnds(queueNameOf(channel, queue));
    virtualHost.unbind(
      {
        source: withoutLineEnds(exchange),
        destination: { kind: 'queue', name },
        key: routingKeyOf(channel, queue, routingKey),
        args,
      },
      () => virtualHost.accessibleQueue(name, owner),
    );
    channel.send('queue.unbind-ok', {});
  },
};

function nameFor(name: string, args: MethodArguments<'queue.declare'>): string {
  if (name === '') {
    if (queueTypeOf(args.arguments) === 'quorum')
      throw preconditionFailed('Cannot declare a server-named queue for type rabbit_quorum_queue');
    return newName('amq.gen');
  }
  refuseReserved('queue', name);
  return name;
}

function declared(
  channel: Channel,
  { noWait }: MethodArguments<'queue.declare'>,
  queue: string,
  messageCount: number,
  consumerCount: number,
): void {
  channel.lastQueue = queue;
  if (!noWait) channel.send('queue.declare-ok', { queue, messageCount, consumerCount });
}
