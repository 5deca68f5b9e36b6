import { randomBytes } from 'node:crypto';
import type { Message } from '../broker/message.ts';
import type { VirtualHost } from '../broker/virtual-host.ts';
import { writeContent, writeDeliver } from '../protocol/content.ts';
import type { Channel } from './channel.ts';

/** Who consumes from a queue of this name gets answers to its own requests, and no queue is needed. */
export const REPLY_TO = 'amq.rabbitmq.reply-to';
const PREFIX = `${REPLY_TO}.`;

export const isReplyAddress = (name: string): boolean => name.startsWith(PREFIX);

/** Who waits for answers, by the address that its requests carry. */
const waiting = new WeakMap<VirtualHost, Map<string, Channel>>();

const inHost = (virtualHost: VirtualHost): Map<string, Channel> => {
  let channels = waiting.get(virtualHost);
  if (!channels) {
    channels = new Map();
    waiting.set(virtualHost, channels);
  }
  return channels;
};

export const replyConsumerExists = (virtualHost: VirtualHost, address: string): boolean =>
  inHost(virtualHost).has(address);

export function startReplyConsumer(channel: Channel, tag: string): void {
  const address = PREFIX + randomBytes(16).toString('base64url');
  const channels = inHost(channel.line.virtualHost);
  channels.set(address, channel);
  channel.replyConsumer = {
    tag,
    address,
    stop() {
      channels.delete(address);
      channel.replyConsumer = null;
    },
  };
}

/** Delivers an answer; one that nobody waits for any more is dropped. */
export function deliverReply(virtualHost: VirtualHost, message: Message, address: string): void {
  const channel = inHost(virtualHost).get(address);
  const tag = channel?.replyConsumer?.tag;
  if (!channel || tag === undefined || channel.line.isCongested()) return;
  const { output, frameMax } = channel.line;
  writeDeliver(output, channel.number, tag, channel.takeTag(), false, message);
  writeContent(output, channel.number, message, frameMax);
  channel.line.flushLater();
}
