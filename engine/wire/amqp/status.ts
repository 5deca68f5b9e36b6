import type { Broker } from './broker/broker.ts';
import type { Consumer } from './broker/consumers.ts';
import type { QueueCounters } from './broker/counters.ts';
import type { Entry } from './broker/entry.ts';
import type { Message } from './broker/message.ts';
import type { Queue } from './broker/queue.ts';
import { lookUp } from './protocol/field-table.ts';
import { readProperties } from './protocol/properties.ts';
import type { Connection } from './session/connection.ts';

/* What a server tells of itself. Counts are exact at the time of asking; names are text again. */

export interface ConsumerStatus {
  tag: string;
  /** Both ends of its connection, and the number of its channel. */
  channel: string;
  unacked: number;
  /** 0: no limit. */
  prefetch: number;
  acknowledges: boolean;
  /** False where another one is the single active consumer. */
  isActive: boolean;
}

export interface QueueStatus {
  virtualHost: string;
  name: string;
  type: 'classic' | 'quorum';
  isDurable: boolean;
  isAutoDelete: boolean;
  isExclusive: boolean;
  /** Messages that wait, and those that consumers have and have not acknowledged; their bodies. */
  ready: number;
  unacked: number;
  readyBytes: number;
  unackedBytes: number;
  /** For how long the first of those that wait has been in the queue; null if none does. */
  oldestAgeMs: number | null;
  consumers: ConsumerStatus[];
  counters: QueueCounters;
  /** Over the last five seconds. */
  perSecond: { published: number; delivered: number };
}

export interface ExchangeStatus {
  virtualHost: string;
  name: string;
  type: string;
  isDurable: boolean;
  isAutoDelete: boolean;
  isInternal: boolean;
  /** Messages that clients have published to it, and those of them that went to no queue. */
  published: number;
  unroutable: number;
  bindings: { kind: 'queue' | 'exchange'; destination: string; key: string }[];
}

export interface ConnectionStatus {
  id: number;
  /** Both ends, and what the client calls itself. */
  label: string;
  name: string | null;
  user: string;
  virtualHost: string | null;
  state: string;
  isBlocked: boolean;
  connectedForMs: number;
  receivedBytes: number;
  sentBytes: number;
  channels: { number: number; unacked: number; consumers: number; mode: 'plain' | 'confirm' | 'transaction' }[];
}

/** A message that waits, or that a consumer has, as it is looked at. */
export interface PeekedMessage {
  /** Its `message-id`; empty without one. */
  id: string;
  contentType: string | null;
  priority: number;
  /** Values that are texts, numbers or booleans. */
  headers: Record<string, string>;
  /** How often it came back. */
  returns: number;
  exchange: string;
  routingKey: string;
  isPersistent: boolean;
  isRedelivered: boolean;
  ageMs: number;
  bytes: number;
  /** The first bytes of its body. */
  body: Buffer;
}

/** Names are UTF-8 in one-byte strings inside the server. */
export const decoded = (text: string): string => Buffer.from(text, 'latin1').toString();
export const encoded = (text: string): string => Buffer.from(text).toString('latin1');

function queueStatus(virtualHost: string, queue: Queue): QueueStatus {
  const { settings, ready, consumers, counters, rates } = queue;
  return {
    virtualHost: decoded(virtualHost),
    name: decoded(queue.name),
    type: settings.type,
    isDurable: queue.isDurable,
    isAutoDelete: queue.isAutoDelete,
    isExclusive: queue.owner !== null,
    ready: ready.length,
    unacked: queue.unacked,
    readyBytes: ready.bytes,
    unackedBytes: queue.unackedBytes,
    oldestAgeMs: queue.oldestAgeMs,
    consumers: [...consumers].map((consumer) =>
      consumerStatus(consumer, !settings.hasSingleActiveConsumer || consumers.active === consumer),
    ),
    counters: { ...counters, deadLettered: { ...counters.deadLettered } },
    perSecond: rates.perSecond,
  };
}

const consumerStatus = ({ tag, receiver, unacked, prefetch, noAck }: Consumer, isActive: boolean): ConsumerStatus => ({
  tag: decoded(tag),
  channel: receiver.label,
  unacked,
  prefetch,
  acknowledges: !noAck,
  isActive,
});

export const queueStatuses = ({ virtualHosts }: Broker): QueueStatus[] =>
  [...virtualHosts.values()].flatMap(({ name, queues }) =>
    [...queues.values()].map((queue) => queueStatus(name, queue)),
  );

export const exchangeStatuses = ({ virtualHosts }: Broker): ExchangeStatus[] =>
  [...virtualHosts.values()].flatMap(({ name, exchanges, bindings }) =>
    [...exchanges.values()].map((exchange) => ({
      virtualHost: decoded(name),
      name: decoded(exchange.name),
      type: exchange.type,
      isDurable: exchange.isDurable,
      isAutoDelete: exchange.isAutoDelete,
      isInternal: exchange.isInternal,
      published: exchange.published,
      unroutable: exchange.unroutable,
      bindings: bindings.from(exchange).map(({ destination, key }) => ({
        kind: 'ready' in destination ? 'queue' : 'exchange',
        destination: decoded(destination.name),
        key: decoded(key),
      })),
    })),
  );

export function connectionStatus(connection: Connection): ConnectionStatus {
  const { agreement, state, broker } = connection;
  const name = lookUp(agreement.clientProperties, 'connection_name')?.value;
  return {
    id: connection.id,
    label: connection.label,
    name: typeof name === 'string' ? decoded(name) : null,
    user: decoded(agreement.user),
    virtualHost: state === 'running' ? decoded(connection.virtualHost.name) : null,
    state,
    isBlocked: connection.isBlocked,
    connectedForMs: broker.nowMs() - connection.connectedAtMs,
    receivedBytes: connection.receivedBytes,
    sentBytes: connection.sentBytes,
    channels: [...connection.channels.values()].map(({ number, unacked, consumers, confirms, transaction }) => ({
      number,
      unacked: unacked.length,
      consumers: consumers.size,
      mode: confirms ? 'confirm' : transaction ? 'transaction' : 'plain',
    })),
  };
}

const PEEKED_BYTES = 4096;

export interface PeekOptions {
  /** Of the queue's: those that wait, or those that consumers have and have not acknowledged. Default: those that wait. */
  of?: 'ready' | 'unacked';
  /** Default: those come first that would be delivered first. */
  isLastFirst?: boolean;
  /** So many are passed over. */
  skip?: number;
  /** Of each body. Default: 4096. */
  bodyBytes?: number;
  virtualHost?: string;
}

/** Some of these entries, which stay where they are. */
export function peek(
  entries: Iterable<Entry>,
  count: number,
  nowMs: number,
  { isLastFirst = false, skip = 0, bodyBytes = PEEKED_BYTES }: PeekOptions,
): PeekedMessage[] {
  const messages: PeekedMessage[] = [];
  let passed = 0;
  for (const entry of isLastFirst ? [...entries].reverse() : entries) {
    if (messages.length >= count) break;
    passed += 1;
    if (passed > skip) messages.push(peekedOf(entry, nowMs, bodyBytes));
  }
  return messages;
}

function peekedOf({ message, isRedelivered, returns, publishedAtMs }: Entry, nowMs: number, bodyBytes: number) {
  const { messageId, contentType, headers = [] } = readProperties(message.properties);
  return {
    id: decoded(messageId ?? ''),
    contentType: contentType === undefined ? null : decoded(contentType),
    priority: message.summary.priority,
    headers: Object.fromEntries(
      headers.flatMap(([name, { value }]) =>
        typeof value === 'object' || value === undefined ? [] : [[decoded(name), decoded(String(value))]],
      ),
    ),
    returns,
    exchange: decoded(message.exchange),
    routingKey: decoded(message.routingKey),
    isPersistent: message.summary.isPersistent,
    isRedelivered,
    ageMs: nowMs - publishedAtMs,
    bytes: message.body.length,
    body: firstBytes(message, bodyBytes),
  };
}

const firstBytes = ({ body }: Message, count: number): Buffer =>
  typeof body === 'string' ? Buffer.from(body.slice(0, count), 'latin1') : Buffer.from(body.subarray(0, count));
