import type { Entry } from './entry.ts';
import type { Binding, Exchange } from './exchange.ts';
import type { Message } from './message.ts';
import type { Queue } from './queue.ts';

/** Who is told of everything that must outlive the process. */
export interface Journal {
  exchangeDeclared(virtualHost: string, exchange: Exchange): void;
  exchangeDeleted(virtualHost: string, exchange: Exchange): void;
  queueDeclared(virtualHost: string, queue: Queue): void;
  queueDeleted(queue: Queue): void;
  bound(virtualHost: string, binding: Binding): void;
  unbound(virtualHost: string, binding: Binding): void;
  /** The entries are all places of the message that are to be kept. */
  published(message: Message, entries: readonly Entry[]): void;
  removed(entry: Entry): void;
  /** Of a queue that was deleted. */
  forgotten(entry: Entry): void;
  delivered(entry: Entry): void;
  returned(entry: Entry): void;
}
