import { type FieldTable, lookUp } from '../protocol/field-table.ts';
import { resourceName } from './arguments.ts';
import { type Consumer, Consumers } from './consumers.ts';
import { type DeathReason, type Fate, newCounters, Rates } from './counters.ts';
import { Entry, type Home } from './entry.ts';
import type { Message } from './message.ts';
import { type QueueSettings, settingsOf } from './queue-arguments.ts';
import { Ready } from './ready.ts';
import { Timer } from './timer.ts';

/** Who may use a queue that is exclusive: a connection. */
export type Owner = object;

/** What a queue needs of the broker that it is in. */
export interface QueueHost {
  /** Milliseconds since the broker began, whole. */
  nowMs(): number;
  /** Sends on a message that the queue has let go; false where there is no such exchange. */
  deadLetter(entry: Entry, reason: DeathReason): boolean;
  /** It has let a message go by its own rules, and not because a client wanted it. */
  letGo(entry: Entry, fate: Fate): void;
  /** It is not needed any more. */
  discard(queue: Queue): void;
  /** A message is in a queue, or in no queue any more. */
  held(message: Message): void;
  released(message: Message): void;
  /** The log, as far as the queue has to do with it. */
  removed(entry: Entry): void;
  delivered(entry: Entry): void;
  returned(entry: Entry): void;
}

export interface QueueDeclaration {
  name: string;
  virtualHost: string;
  isDurable: boolean;
  isAutoDelete: boolean;
  owner: Owner | null;
  args: FieldTable;
  /** Names it in the log. */
  id: number;
}

export class Queue implements Home {
  readonly name: string;
  /** As messages to people name it. */
  readonly label: string;
  readonly isDurable: boolean;
  readonly isAutoDelete: boolean;
  readonly owner: Owner | null;
  readonly args: FieldTable;
  readonly settings: QueueSettings;
  readonly id: number;
  readonly ready: Ready;
  readonly consumers: Consumers;
  readonly counters = newCounters();
  readonly rates = new Rates(this.counters);
  unacked = 0;
  unackedBytes = 0;
  isDeleted = false;
  readonly #host: QueueHost;
  readonly #expiry: Timer;
  readonly #disuse: Timer;
  #disusedAtMs = 0;
  #nextSeq = 1;
  #hasHadConsumers = false;

  constructor(declaration: QueueDeclaration, host: QueueHost) {
    this.name = declaration.name;
    this.label = resourceName('queue', declaration.name, declaration.virtualHost);
    this.isDurable = declaration.isDurable;
    this.isAutoDelete = declaration.isAutoDelete;
    this.owner = declaration.owner;
    this.args = declaration.args;
    this.id = declaration.id;
    this.settings = settingsOf(declaration.args);
    this.ready = new Ready(this.settings.maxPriority);
    this.consumers = new Consumers(this.settings.hasSingleActiveConsumer);
    this.#host = host;
    const nowMs = (): number => host.nowMs();
    this.#expiry = new Timer(nowMs, () => this.#dropExpired());
    this.#disuse = new Timer(nowMs, () => this.#checkDisuse());
    this.touch();
  }

  get countsReturns(): boolean {
    return this.settings.type === 'quorum';
  }

  /** Whether the message is to outlive the process here. */
  keeps(message: Message): boolean {
    return this.isDurable && (message.summary.isPersistent || this.settings.type === 'quorum');
  }

  /** Puts a message in, or hands it on at once. Null when there is no room and the publisher is to be told. */
  publish(message: Message): Entry | null {
    const { overflow } = this.settings;
    if (overflow !== 'drop-head' && this.#wouldOverflow(message)) {
      this.counters.refused += 1;
      if (overflow === 'reject-publish-dlx') {
        this.counters.published += 1;
        this.#letGo(this.#newEntry(message), 'maxlen', 'dropped');
      }
      return null;
    }
    const entry = this.#newEntry(message);
    this.counters.published += 1;
    this.#enqueue(entry);
    return entry;
  }

  /** One that the log had. */
  restore(entry: Entry): void {
    this.#nextSeq = Math.max(this.#nextSeq, entry.seq + 1);
    this.counters.recovered += 1;
    this.#hold(entry);
    this.ready.push(entry);
  }

  /** All that the log had is there again. */
  restored(): void {
    this.#dropHead();
    this.#dropExpired();
  }

  /** Takes the first message; who gets it must settle it, unless it needs no acknowledgement. */
  get(noAck: boolean): Entry | null {
    this.touch();
    const entry = this.ready.shift();
    if (!entry) return null;
    this.#handOut(entry, noAck);
    this.#dropExpired();
    return entry;
  }

  subscribe(consumer: Consumer): void {
    this.consumers.add(consumer);
    this.#hasHadConsumers = true;
    this.#disuse.clear();
    this.run();
  }

  /** True if the queue is to be deleted now. */
  unsubscribe(consumer: Consumer): boolean {
    this.consumers.remove(consumer);
    if (this.isDeleted) return false;
    if (this.isAutoDelete && this.#hasHadConsumers && this.consumers.count === 0) return true;
    this.touch();
    return false;
  }

  /** The consumer may have room again. */
  wake(consumer: Consumer): void {
    if (this.consumers.wake(consumer)) this.run();
  }

  acknowledge(entry: Entry): void {
    this.#takeBack(entry);
    this.counters.acknowledged += 1;
    this.#finish(entry);
  }

  /** Drops or dead-letters what was handed out. */
  reject(entry: Entry): void {
    this.#takeBack(entry);
    this.#letGo(entry, 'rejected', 'rejected');
  }

  /** Puts back what was handed out, to where it was. `run` must follow. */
  requeue(entry: Entry): void {
    this.#takeBack(entry);
    if (this.isDeleted) {
      this.#finish(entry);
      return;
    }
    entry.isRedelivered = true;
    entry.returns += 1;
    if (entry.returns > this.settings.deliveryLimit) {
      this.#letGo(entry, 'delivery_limit', 'rejected');
      return;
    }
    this.counters.requeued += 1;
    this.#host.returned(entry);
    this.ready.putBack(entry);
  }

  /** Hands out what waits, as long as anyone has room. */
  run(): void {
    if (this.isDeleted) return;
    this.#dropHead();
    this.#dropExpired();
    while (this.ready.length > 0) {
      const consumer = this.consumers.take();
      if (!consumer) return;
      this.#deliver(consumer, this.ready.shift() as Entry);
      this.#dropExpired();
    }
  }

  /** Drops what waits; returns how many those were. */
  purge(): number {
    const count = this.ready.length;
    for (let entry = this.ready.shift(); entry; entry = this.ready.shift()) this.#finish(entry);
    this.counters.purged += count;
    return count;
  }

  /** Ends it; who holds messages of it may still settle them, to no effect. Returns how many were waiting. */
  delete(): number {
    this.isDeleted = true;
    this.stop();
    const count = this.purge();
    for (const consumer of [...this.consumers]) {
      this.consumers.remove(consumer);
      consumer.receiver.cancelled(consumer);
    }
    return count;
  }

  /** Stops its timers. */
  stop(): void {
    this.#expiry.clear();
    this.#disuse.clear();
  }

  /** It is in use: its expiry begins anew. */
  touch(): void {
    const { expiresMs } = this.settings;
    if (expiresMs === null || this.isDeleted || this.consumers.count > 0) return;
    this.#disusedAtMs = this.#host.nowMs() + expiresMs;
    this.#disuse.noLaterThan(this.#disusedAtMs);
  }

  #checkDisuse(): void {
    if (this.consumers.count > 0) return;
    if (this.#host.nowMs() < this.#disusedAtMs) this.#disuse.set(this.#disusedAtMs);
    else this.#host.discard(this);
  }

  #newEntry(message: Message): Entry {
    const nowMs = this.#host.nowMs();
    const ttlMs = this.#ttlMs(message);
    const entry = new Entry({
      queue: this,
      message,
      seq: this.#nextSeq,
      // Zero is for those that do not expire.
      expiresAtMs: ttlMs === null ? 0 : Math.max(1, nowMs + ttlMs),
      publishedAtMs: nowMs,
    });
    this.#nextSeq += 1;
    this.#hold(entry);
    return entry;
  }

  #hold(entry: Entry): void {
    const { message } = entry;
    message.holders += 1;
    if (message.holders === 1) this.#host.held(message);
  }

  #ttlMs({ summary }: Message): number | null {
    const { messageTtlMs } = this.settings;
    const own = summary.expiration as number | null;
    return own === null || (messageTtlMs !== null && messageTtlMs < own) ? messageTtlMs : own;
  }

  #enqueue(entry: Entry): void {
    if (this.ready.length === 0) {
      const consumer = this.consumers.take();
      if (consumer) {
        this.#deliver(consumer, entry);
        return;
      }
    }
    this.ready.push(entry);
    const isDropped = this.#dropHead();
    if (isDropped || entry.expiresAtMs !== 0) this.#dropExpired();
  }

  #deliver(consumer: Consumer, entry: Entry): void {
    if (!consumer.noAck) consumer.unacked += 1;
    this.#handOut(entry, consumer.noAck, consumer);
  }

  #handOut(entry: Entry, noAck: boolean, consumer?: Consumer): void {
    this.counters.delivered += 1;
    if (entry.isRedelivered) this.counters.redelivered += 1;
    this.unacked += 1;
    this.unackedBytes += entry.message.body.length;
    consumer?.receiver.deliver(consumer, entry);
    if (noAck) this.acknowledge(entry);
    else this.#host.delivered(entry);
  }

  #takeBack(entry: Entry): void {
    this.unacked -= 1;
    this.unackedBytes -= entry.message.body.length;
  }

  #wouldOverflow({ body }: Message): boolean {
    const { maxLength, maxLengthBytes } = this.settings;
    return this.ready.length + 1 > maxLength || this.ready.bytes + body.length > maxLengthBytes;
  }

  /** True if anything was dropped. */
  #dropHead(): boolean {
    const { maxLength, maxLengthBytes, overflow } = this.settings;
    let isDropped = false;
    while (
      overflow === 'drop-head' &&
      this.ready.length > 0 &&
      (this.ready.length > maxLength || this.ready.bytes > maxLengthBytes)
    ) {
      this.#letGo(this.ready.shift() as Entry, 'maxlen', 'dropped');
      isDropped = true;
    }
    return isDropped;
  }

  /** Only the first message expires: those behind it wait until it is their turn, as in RabbitMQ. */
  #dropExpired(): void {
    for (let first = this.ready.first(); first && first.expiresAtMs !== 0; first = this.ready.first()) {
      if (first.expiresAtMs > this.#host.nowMs()) {
        this.#expiry.noLaterThan(first.expiresAtMs);
        return;
      }
      this.#letGo(this.ready.shift() as Entry, 'expired', 'expired');
    }
  }

  /** Sends a message to the dead-letter exchange, or counts it as lost for the reason given. */
  #letGo(entry: Entry, reason: DeathReason, lost: 'dropped' | 'expired' | 'rejected'): void {
    const isKept = this.settings.deadLetterExchange !== null && !this.isDeleted && this.#host.deadLetter(entry, reason);
    if (isKept) this.counters.deadLettered[reason] += 1;
    else this.counters[lost] += 1;
    if (reason !== 'rejected')
      this.#host.letGo(entry, isKept ? 'dead-lettered' : lost === 'expired' ? lost : 'dropped');
    this.#finish(entry);
  }

  #finish(entry: Entry): void {
    entry.isDone = true;
    this.#host.removed(entry);
    const { message } = entry;
    message.holders -= 1;
    if (message.holders === 0) this.#host.released(message);
  }

  /** For those who look. */
  get oldestAgeMs(): number | null {
    const oldestAtMs = this.ready.oldestAtMs();
    return oldestAtMs === null ? null : this.#host.nowMs() - oldestAtMs;
  }
}

/** The priority that a consumer asks for. */
export const priorityOf = (args: FieldTable): number => Number(lookUp(args, 'x-priority')?.value ?? 0);
