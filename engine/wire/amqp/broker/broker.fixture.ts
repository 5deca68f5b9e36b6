import { encodeTable, type FieldTable, type FieldValue } from '../protocol/field-table.ts';
import { Alarm } from './alarm.ts';
import { Broker } from './broker.ts';
import { type Consumer, Consumer as ConsumerOf, type Receiver } from './consumers.ts';
import type { Entry } from './entry.ts';
import { Message } from './message.ts';
import type { Queue } from './queue.ts';
import { route } from './routing.ts';

/** A time that goes on when it is told to. */
export class Clock {
  ms = 1_700_000_000_000;
  readonly now = (): number => this.ms;
}

export const newBroker = (clock = new Clock()): Broker =>
  new Broker({
    virtualHosts: ['/'],
    alarm: new Alarm(() => {}),
    maxHeldBytes: Number.POSITIVE_INFINITY,
    now: clock.now,
  });

export const text = (value: string): FieldValue => ({ type: 'longstr', value });
export const long = (value: number): FieldValue => ({ type: 'long', value });

/** Properties as the wire has them. */
export function properties(options: {
  persistent?: boolean;
  priority?: number;
  expiration?: string;
  headers?: FieldTable;
}): string {
  const { persistent = false, priority, expiration, headers } = options;
  let flags = 0x1000;
  let values = '';
  if (headers) {
    flags |= 0x2000;
    values += encodeTable(headers);
  }
  values += persistent ? '\x02' : '\x01';
  if (priority !== undefined) {
    flags |= 0x0800;
    values += String.fromCharCode(priority);
  }
  if (expiration !== undefined) {
    flags |= 0x0100;
    values += String.fromCharCode(expiration.length) + expiration;
  }
  return String.fromCharCode(flags >> 8, flags & 0xff) + values;
}

/** Publishes to the default exchange, or another one. */
export function publish(
  broker: Broker,
  body: string,
  options: { exchange?: string; key: string } & Parameters<typeof properties>[0],
) {
  const virtualHost = broker.virtualHost('/');
  const { exchange = '', key } = options;
  const message = new Message(exchange, key, properties(options), body);
  const from = virtualHost.exchange(exchange);
  return broker.deliver(message, route(virtualHost, from, { keys: [key], headers: () => message.headers }));
}

/** A channel without a connection: keeps what it gets. */
export class Inbox implements Receiver {
  readonly label = 'inbox';
  readonly entries: Entry[] = [];
  room = Number.POSITIVE_INFINITY;
  cancellations = 0;

  hasRoom(): boolean {
    return this.entries.length < this.room;
  }

  deliver(_: Consumer, entry: Entry): void {
    this.entries.push(entry);
  }

  cancelled(): void {
    this.cancellations += 1;
  }

  consume(queue: Queue, options: { noAck?: boolean; prefetch?: number; priority?: number } = {}): Consumer {
    const { noAck = false, prefetch = 0, priority = 0 } = options;
    const consumer = new ConsumerOf({
      tag: 'tag',
      queue,
      receiver: this,
      noAck,
      isExclusive: false,
      priority,
      prefetch,
      args: [],
    });
    queue.subscribe(consumer);
    return consumer;
  }
}

export const declare = (
  broker: Broker,
  name: string,
  options: { durable?: boolean; args?: FieldTable; autoDelete?: boolean } = {},
): Queue =>
  broker.virtualHost('/').declareQueue({
    name,
    isDurable: options.durable ?? false,
    isAutoDelete: options.autoDelete ?? false,
    owner: null,
    args: options.args ?? [],
  });

export const bodies = (queue: Queue): string[] => [...queue.ready].map(({ message }) => String(message.body));
