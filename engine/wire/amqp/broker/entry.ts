import type { Message, Place } from './message.ts';

/** A queue as those see it who hold messages of it. */
export interface Home {
  readonly id: number;
  readonly name: string;
  /** Consumers are told how often a message came back. */
  readonly countsReturns: boolean;
  acknowledge(entry: Entry): void;
  reject(entry: Entry): void;
  requeue(entry: Entry): void;
  run(): void;
}

/** The place of a message in a queue. */
export class Entry implements Place {
  readonly queue: Home;
  readonly message: Message;
  /** Requeued, it comes before all that were published later. */
  readonly seq: number;
  readonly expiresAtMs: number;
  readonly publishedAtMs: number;
  isRedelivered = false;
  returns = 0;
  /** It is in the queue no more, and with no consumer. */
  isDone = false;
  isLogged = false;
  sibling: Place | null = null;

  constructor(options: { queue: Home; message: Message; seq: number; expiresAtMs: number; publishedAtMs: number }) {
    this.queue = options.queue;
    this.message = options.message;
    this.seq = options.seq;
    this.expiresAtMs = options.expiresAtMs;
    this.publishedAtMs = options.publishedAtMs;
  }

  get queueId(): number {
    return this.queue.id;
  }
}
