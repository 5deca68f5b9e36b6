import type { FieldTable } from '../protocol/field-table.ts';
import type { Entry } from './entry.ts';

/** A queue as its consumers see it. */
export interface Source {
  readonly name: string;
  /** The consumer may have room again. */
  wake(consumer: Consumer): void;
}

/** Who gets messages for a consumer: a channel. */
export interface Receiver {
  /** It takes a message now: what it has is not too much, for its client or for the limit that it set. */
  hasRoom(noAck: boolean): boolean;
  deliver(consumer: Consumer, entry: Entry): void;
  /** The queue is gone. */
  cancelled(consumer: Consumer): void;
  /** Names its connection and itself, for those who look. */
  readonly label: string;
}

export class Consumer {
  readonly tag: string;
  readonly queue: Source;
  readonly receiver: Receiver;
  readonly noAck: boolean;
  readonly isExclusive: boolean;
  readonly priority: number;
  /** Most messages without an acknowledgement; 0: no limit. */
  readonly prefetch: number;
  readonly args: FieldTable;
  unacked = 0;
  /** It had no room when it was its turn, and is asked again when something has changed. */
  isBlocked = false;

  constructor(
    options: Pick<Consumer, 'tag' | 'queue' | 'receiver' | 'noAck' | 'isExclusive' | 'priority' | 'prefetch' | 'args'>,
  ) {
    this.tag = options.tag;
    this.queue = options.queue;
    this.receiver = options.receiver;
    this.noAck = options.noAck;
    this.isExclusive = options.isExclusive;
    this.priority = options.priority;
    this.prefetch = options.prefetch;
    this.args = options.args;
  }

  get hasRoom(): boolean {
    if (!this.noAck && this.prefetch > 0 && this.unacked >= this.prefetch) return false;
    return this.receiver.hasRoom(this.noAck);
  }
}

/** The consumers of one queue: those of the highest priority that have room take turns. */
export class Consumers {
  readonly #all = new Set<Consumer>();
  /** Those that may be next, by priority, the highest first. */
  readonly #turns: { readonly priority: number; readonly consumers: Consumer[] }[] = [];
  /** The only one that gets messages, where a queue has asked for that. */
  #active: Consumer | null = null;
  readonly #hasSingleActive: boolean;

  constructor(hasSingleActive: boolean) {
    this.#hasSingleActive = hasSingleActive;
  }

  get count(): number {
    return this.#all.size;
  }

  get active(): Consumer | null {
    return this.#active;
  }

  get hasExclusive(): boolean {
    for (const { isExclusive } of this.#all) return isExclusive;
    return false;
  }

  [Symbol.iterator](): IterableIterator<Consumer> {
    return this.#all.values();
  }

  add(consumer: Consumer): void {
    this.#all.add(consumer);
    if (this.#hasSingleActive) this.#active ??= consumer;
    else this.#queueUp(consumer);
  }

  remove(consumer: Consumer): void {
    this.#all.delete(consumer);
    if (this.#active === consumer) this.#active = this.#first();
    const turns = this.#turns.find(({ priority }) => priority === consumer.priority);
    const at = turns?.consumers.indexOf(consumer) ?? -1;
    if (turns && at !== -1) turns.consumers.splice(at, 1);
    if (turns?.consumers.length === 0) this.#turns.splice(this.#turns.indexOf(turns), 1);
  }

  /** Whose turn it is, or null. Those who have no room lose it, until `wake`. */
  take(): Consumer | null {
    if (this.#hasSingleActive) return this.#active?.hasRoom ? this.#active : null;
    for (const { consumers } of this.#turns) {
      while (consumers.length > 0) {
        const consumer = consumers[0] as Consumer;
        if (consumer.hasRoom) {
          if (consumers.length > 1) {
            consumers.shift();
            consumers.push(consumer);
          }
          return consumer;
        }
        consumers.shift();
        consumer.isBlocked = true;
      }
    }
    return null;
  }

  /** True if the consumer may get messages again. */
  wake(consumer: Consumer): boolean {
    if (this.#hasSingleActive) return this.#active === consumer && consumer.hasRoom;
    if (!consumer.isBlocked || !this.#all.has(consumer) || !consumer.hasRoom) return false;
    consumer.isBlocked = false;
    this.#queueUp(consumer);
    return true;
  }

  #queueUp(consumer: Consumer): void {
    let at = this.#turns.findIndex(({ priority }) => priority <= consumer.priority);
    if (at === -1) at = this.#turns.length;
    if (this.#turns[at]?.priority !== consumer.priority)
      this.#turns.splice(at, 0, { priority: consumer.priority, consumers: [] });
    this.#turns[at]?.consumers.push(consumer);
  }

  /** The one that came first among those of the highest priority. */
  #first(): Consumer | null {
    let first: Consumer | null = null;
    for (const each of this.#all) if (first === null || each.priority > first.priority) first = each;
    return first;
  }
}
