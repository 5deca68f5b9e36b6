import type { Exchange } from '../broker/exchange.ts';
import type { Message } from '../broker/message.ts';
import type { Queue } from '../broker/queue.ts';
import type { Delivery } from './unacked.ts';

export type Settlement = 'acknowledge' | 'reject' | 'requeue';

export interface Publication {
  readonly message: Message;
  readonly exchange: Exchange;
  readonly queues: readonly Queue[];
  readonly isMandatory: boolean;
}

/** What a channel has done since the last commit, to be done with the next. */
export class Transaction {
  #publications: Publication[] = [];
  #settlements: { settlement: Settlement; deliveries: readonly Delivery[] }[] = [];
  #bytes = 0;
  readonly #hold: (bytes: number) => void;

  /** `hold` counts the messages that wait here. */
  constructor(hold: (bytes: number) => void) {
    this.#hold = hold;
  }

  publish(publication: Publication): void {
    const { heldBytes } = publication.message;
    this.#publications.push(publication);
    this.#bytes += heldBytes;
    this.#hold(heldBytes);
  }

  settle(settlement: Settlement, deliveries: readonly Delivery[]): void {
    this.#settlements.push({ settlement, deliveries });
  }

  /** All of it; nothing is left. */
  take(): { publications: Publication[]; settlements: { settlement: Settlement; deliveries: readonly Delivery[] }[] } {
    const taken = { publications: this.#publications, settlements: this.#settlements };
    this.#publications = [];
    this.#settlements = [];
    this.#hold(-this.#bytes);
    this.#bytes = 0;
    return taken;
  }

  /** The deliveries that would have been settled; they are as they were before. */
  takeSettlements(): Delivery[] {
    return this.take().settlements.flatMap(({ deliveries }) => deliveries);
  }
}
