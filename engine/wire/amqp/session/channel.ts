import type { Broker } from '../broker/broker.ts';
import { Consumer, type Receiver } from '../broker/consumers.ts';
import type { Entry } from '../broker/entry.ts';
import type { Message } from '../broker/message.ts';
import type { Owner, Queue } from '../broker/queue.ts';
import type { VirtualHost } from '../broker/virtual-host.ts';
import { writeContent, writeDeliver } from '../protocol/content.ts';
import { withField } from '../protocol/field-table.ts';
import { type MethodArguments, type MethodName, writeMethod } from '../protocol/methods.ts';
import type { Output } from '../protocol/output.ts';
import { withProperties } from '../protocol/properties.ts';
import { Assembler } from './assembler.ts';
import { Confirms } from './confirms.ts';
import { Transaction } from './transaction.ts';
import { type Delivery, Unacked } from './unacked.ts';

/** The connection of a channel, as far as the channel needs it. */
export interface Line {
  readonly broker: Broker;
  readonly virtualHost: VirtualHost;
  readonly user: string;
  /** Names it in exclusive queues. */
  readonly owner: Owner;
  readonly label: string;
  readonly output: Output;
  readonly frameMax: number;
  readonly maxMessageBytes: number;
  /** Its peer has asked to be told when a queue that it consumes from is gone. */
  readonly wantsCancels: boolean;
  /** More than enough waits to be sent; the channel is called when that is over. */
  isCongested(): boolean;
  /** Sends what was written, at the end of this turn of the event loop. */
  flushLater(): void;
  whenDurable(done: () => void): void;
}

/** Answers to requests of this channel, and to nobody else's. */
export interface ReplyConsumer {
  readonly tag: string;
  readonly address: string;
  stop(): void;
}

/** A message as it is delivered: where a queue counts how often it came back, with that number. */
export function withReturns({ message, queue, returns }: Entry): { properties: string; body: Message['body'] } {
  if (returns === 0 || !queue.countsReturns) return message;
  const headers = withField(message.headers, 'x-delivery-count', { type: 'long', value: returns });
  return { properties: withProperties(message.properties, { headers }), body: message.body };
}

/** One channel: its consumers, what it has delivered and not heard of, its mode and its limits. */
export class Channel implements Receiver {
  readonly number: number;
  readonly line: Line;
  readonly assembler: Assembler;
  readonly consumers = new Map<string, Consumer>();
  readonly unacked = new Unacked();
  state: 'starting' | 'open' | 'closing' = 'starting';
  /** What an empty name of a queue means. */
  lastQueue = '';
  /** For consumers that are still to come. */
  prefetch = 0;
  confirms: Confirms | null = null;
  transaction: Transaction | null = null;
  replyConsumer: ReplyConsumer | null = null;
  #nextTag = 1;
  /** Most deliveries to all consumers of the channel together that may be unacknowledged; 0: no limit. */
  #limit = 0;
  /** Deliveries that count for that. */
  #volume = 0;

  constructor(number: number, line: Line) {
    this.number = number;
    this.line = line;
    this.assembler = new Assembler(line.maxMessageBytes);
  }

  get label(): string {
    return `${this.line.label} (${this.number})`;
  }

  get limit(): number {
    return this.#limit;
  }

  send<Name extends MethodName>(name: Name, args: MethodArguments<Name>): void {
    if (this.state === 'closing') return;
    writeMethod(this.line.output, this.number, name, args);
    this.line.flushLater();
  }

  /** A method that a message belongs to. */
  sendContent<Name extends MethodName>(
    name: Name,
    args: MethodArguments<Name>,
    message: { properties: string; body: Message['body'] },
  ): void {
    this.send(name, args);
    writeContent(this.line.output, this.number, message, this.line.frameMax);
  }

  hasRoom(noAck: boolean): boolean {
    if (this.state !== 'open') return false;
    if (!noAck && this.#limit > 0 && this.#volume >= this.#limit) return false;
    return !this.line.isCongested();
  }

  deliver(consumer: Consumer, entry: Entry): void {
    const { output, frameMax } = this.line;
    const { message } = entry;
    const tag = this.track(entry, consumer.noAck, consumer);
    writeDeliver(output, this.number, consumer.tag, tag, entry.isRedelivered, message);
    writeContent(output, this.number, withReturns(entry), frameMax);
    this.line.flushLater();
  }

  takeTag(): number {
    const tag = this.#nextTag;
    this.#nextTag += 1;
    return tag;
  }

  /** Gives a delivery its tag, and keeps it until it is acknowledged. */
  track(entry: Entry, noAck: boolean, consumer: Consumer | null): number {
    const tag = this.takeTag();
    if (noAck) return tag;
    this.unacked.push({ tag, entry, consumer, atMs: this.line.broker.nowMs() });
    if (consumer) this.#volume += 1;
    return tag;
  }

  cancelled(consumer: Consumer): void {
    this.consumers.delete(consumer.tag);
    if (this.line.wantsCancels) this.send('basic.cancel', { consumerTag: consumer.tag, noWait: true });
  }

  subscribe(options: Omit<ConstructorParameters<typeof Consumer>[0], 'receiver'> & { queue: Queue }): Consumer {
    const consumer = new Consumer({ ...options, receiver: this });
    this.consumers.set(consumer.tag, consumer);
    return consumer;
  }

  unsubscribe(consumer: Consumer): void {
    this.#leave(consumer);
    // Where only one consumer is active, another one may be it now.
    (consumer.queue as Queue).run();
  }

  #leave(consumer: Consumer): void {
    this.consumers.delete(consumer.tag);
    const queue = consumer.queue as Queue;
    if (queue.unsubscribe(consumer)) this.line.virtualHost.deleteQueue(queue);
  }

  setLimit(limit: number): void {
    this.#limit = limit;
    this.wakeConsumers();
  }

  /** They may have room again. */
  wakeConsumers(): void {
    for (const consumer of [...this.consumers.values()]) consumer.queue.wake(consumer);
  }

  /** Lets the queues go on after these deliveries have been settled. */
  settled(deliveries: readonly Delivery[]): void {
    const queues = new Set<Delivery['entry']['queue']>();
    const consumers = new Set<Consumer>();
    const wasFull = this.#limit > 0 && this.#volume >= this.#limit;
    for (const { entry, consumer } of deliveries) {
      queues.add(entry.queue);
      if (!consumer) continue;
      consumer.unacked -= 1;
      this.#volume -= 1;
      consumers.add(consumer);
    }
    for (const consumer of consumers) consumer.queue.wake(consumer);
    if (wasFull && this.#volume < this.#limit) this.wakeConsumers();
    for (const queue of queues) queue.run();
  }

  startConfirms(): void {
    this.confirms ??= new Confirms({
      ack: (deliveryTag, multiple) => {
        if (!this.line.broker.drill.losesConfirm?.()) this.send('basic.ack', { deliveryTag, multiple });
      },
      nack: (deliveryTag) => this.send('basic.nack', { deliveryTag, multiple: false, requeue: false }),
      whenDurable: (done) => this.line.whenDurable(done),
      changed: () => this.line.flushLater(),
    });
  }

  startTransaction(): void {
    this.transaction ??= new Transaction((bytes) => this.line.broker.hold(bytes));
  }

  /**
   * Ends the channel: what is safe is confirmed, what it has not acknowledged goes back to where it was. Nothing is sent any
   * more.
   */
  release(): void {
    if (this.state === 'closing') return;
    // RabbitMQ confirms what goes nowhere before it looks at the next request: clients take what ends the channel for the
    // fate of their first message without a confirm.
    this.confirms?.flush();
    this.state = 'closing';
    const queues = new Set<Delivery['entry']['queue']>();
    for (const consumer of [...this.consumers.values()]) {
      queues.add(consumer.queue as Queue);
      this.#leave(consumer);
    }
    const deliveries = [...(this.transaction?.takeSettlements() ?? []), ...this.unacked.takeAll()];
    for (const { entry } of deliveries) {
      entry.queue.requeue(entry);
      queues.add(entry.queue);
    }
    for (const queue of queues) queue.run();
    this.transaction = null;
    this.line.broker.hold(-this.assembler.drop());
    this.replyConsumer?.stop();
  }
}
