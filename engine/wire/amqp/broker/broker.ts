import type { Alarm } from './alarm.ts';
import type { DeathReason, Fate } from './counters.ts';
import { deadLetter, isCycle } from './dead-letter.ts';
import type { Entry } from './entry.ts';
import type { Exchange } from './exchange.ts';
import type { Journal } from './journal.ts';
import { keysOf, type Message } from './message.ts';
import type { Queue, QueueHost } from './queue.ts';
import { route } from './routing.ts';
import { VirtualHost } from './virtual-host.ts';

/** What became of a message that was published. */
export interface Outcome {
  isRouted: boolean;
  /** A queue had no room for it and said so. */
  isRefused: boolean;
  /** It is safe only when the log is on the disk. */
  isLogged: boolean;
}

/** Why publishers wait, and when they need not any more. */
const MEMORY = 'memory';
const CLEAR_AT = 0.9;

const NOWHERE: Outcome = { isRouted: false, isRefused: false, isLogged: false };

/** What a drill may change of how messages go, as long as it lasts. */
export interface Drill {
  /** How often a message goes to its queues: not at all, twice … Default: once. */
  copies?(exchange: string, routingKey: string): number;
  /** Whether a publisher is not told what it waits for. */
  losesConfirm?(): boolean;
}

/** All virtual hosts, and what goes from queue to queue within them. */
export class Broker {
  readonly virtualHosts = new Map<string, VirtualHost>();
  journal: Journal | null = null;
  drill: Drill = {};
  /** Told of messages that queues let go by their own rules. */
  onLetGo: (entry: Entry, fate: Fate) => void = () => {};
  #heldBytes = 0;
  readonly #maxHeldBytes: number;
  readonly #alarm: Alarm;
  readonly #epochMs: () => number;
  readonly startedAtMs: number;
  #nextQueueId = 1;
  #dead: { virtualHost: VirtualHost; message: Message; exchange: Exchange; reason: DeathReason }[] = [];

  constructor(options: { virtualHosts: readonly string[]; alarm: Alarm; maxHeldBytes: number; now(): number }) {
    this.#alarm = options.alarm;
    this.#maxHeldBytes = options.maxHeldBytes;
    this.#epochMs = options.now;
    this.startedAtMs = Math.floor(options.now());
    for (const name of options.virtualHosts) this.virtualHost(name);
  }

  /** Milliseconds since the broker began. */
  readonly nowMs = (): number => Math.floor(this.#epochMs()) - this.startedAtMs;

  /** All messages in queues, with consumers and on their way into queues, with an estimate of what each costs. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** So many bytes more are held, or less. Where it is too much, publishers have to wait. */
  hold(bytes: number): void {
    this.#heldBytes += bytes;
    if (bytes > 0) {
      if (this.#heldBytes > this.#maxHeldBytes) this.#alarm.raise(MEMORY);
    } else if (this.#heldBytes < this.#maxHeldBytes * CLEAR_AT && this.#alarm.has(MEMORY)) this.#alarm.clear(MEMORY);
  }

  /** Queues that the log names keep their ids. */
  reserveQueueIds(upTo: number): void {
    this.#nextQueueId = Math.max(this.#nextQueueId, upTo + 1);
  }

  /** Made if it is not there. */
  virtualHost(name: string): VirtualHost {
    const known = this.virtualHosts.get(name) ?? this.#newVirtualHost(name);
    this.virtualHosts.set(name, known);
    return known;
  }

  /** Puts a message into the queues that it was routed to. */
  deliver(message: Message, queues: readonly Queue[]): Outcome {
    if (queues.length === 0) return NOWHERE;
    const outcome: Outcome = { isRouted: true, isRefused: false, isLogged: false };
    const kept: Entry[] = [];
    for (const queue of queues) {
      // Deleted since it was routed, within a transaction.
      if (queue.isDeleted) continue;
      const entry = queue.publish(message);
      if (!entry) outcome.isRefused = true;
      else if (this.journal && !entry.isDone && queue.keeps(message)) kept.push(entry);
    }
    if (kept.length > 0) {
      this.journal?.published(message, kept);
      outcome.isLogged = true;
    }
    return outcome;
  }

  stop(): void {
    for (const { queues } of this.virtualHosts.values()) for (const queue of queues.values()) queue.stop();
  }

  #newVirtualHost(name: string): VirtualHost {
    const host: QueueHost = {
      nowMs: this.nowMs,
      deadLetter: (entry, reason) => this.#deadLetter(virtualHost, entry, reason),
      letGo: (entry, fate) => this.onLetGo(entry, fate),
      discard: (queue) => virtualHost.deleteQueue(queue),
      held: (message) => this.hold(message.heldBytes),
      released: (message) => this.hold(-message.heldBytes),
      removed: (entry) => this.#removed(entry),
      delivered: (entry) => this.journal?.delivered(entry),
      returned: (entry) => this.journal?.returned(entry),
    };
    const virtualHost: VirtualHost = new VirtualHost({
      name,
      host,
      newQueueId: () => this.#nextQueueId++,
      journal: () => this.journal,
    });
    return virtualHost;
  }

  #removed(entry: Entry): void {
    if (!entry.isLogged) return;
    if ((entry.queue as Queue).isDeleted) this.journal?.forgotten(entry);
    else this.journal?.removed(entry);
  }

  /** Not at once: the queue is in the midst of something, and the message may come back to it. */
  #deadLetter(virtualHost: VirtualHost, { message, queue }: Entry, reason: DeathReason): boolean {
    const { deadLetterExchange, deadLetterRoutingKey } = (queue as Queue).settings;
    const exchange = virtualHost.exchanges.get(deadLetterExchange as string);
    if (!exchange) return false;
    const death = { queue: queue.name, reason, timeS: Math.floor(this.#epochMs() / 1000) };
    const dead = deadLetter(message, death, { exchange: exchange.name, routingKey: deadLetterRoutingKey });
    this.#dead.push({ virtualHost, message: dead, exchange, reason });
    if (this.#dead.length === 1) queueMicrotask(() => this.settle());
    return true;
  }

  /** Sends on what queues have let go, until there is no more of it. */
  settle(): void {
    for (let batch = this.#dead; batch.length > 0; batch = this.#dead) {
      this.#dead = [];
      for (const { virtualHost, message, exchange, reason } of batch) {
        const queues = route(virtualHost, exchange, routable(message)).filter(
          ({ name }) => reason === 'rejected' || !isCycle(message, name),
        );
        this.deliver(message, queues);
      }
    }
  }
}

const routable = (message: Message) => ({
  keys: keysOf(message),
  headers: () => message.headers,
});
