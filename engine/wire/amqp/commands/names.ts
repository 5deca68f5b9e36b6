import { randomBytes } from 'node:crypto';
import { notFound } from '../protocol/errors.ts';
import type { Channel } from '../session/channel.ts';

/** A name that nobody else has, as RabbitMQ makes them: `amq.gen-…`, `amq.ctag-…`. */
export const newName = (prefix: 'amq.gen' | 'amq.ctag'): string => `${prefix}-${randomBytes(16).toString('base64url')}`;

/** An empty name means the queue that was declared last on this channel. */
export function queueNameOf(channel: Channel, name: string): string {
  if (name !== '') return name;
  if (channel.lastQueue === '') throw notFound('no previously declared queue');
  return channel.lastQueue;
}

/** With an empty name of a queue, an empty routing key means the same queue. */
export const routingKeyOf = (channel: Channel, queue: string, key: string): string =>
  queue === '' && key === '' ? queueNameOf(channel, '') : key;

/** RabbitMQ takes line ends out of the names of what is declared. */
export const withoutLineEnds = (name: string): string => name.replace(/[\r\n]/g, '');
