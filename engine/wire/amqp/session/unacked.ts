import type { Consumer } from '../broker/consumers.ts';
import type { Entry } from '../broker/entry.ts';

/** A message that a channel has delivered and of which it does not know yet what became. */
export interface Delivery {
  readonly tag: number;
  readonly entry: Entry;
  /** Null: by `basic.get`. */
  readonly consumer: Consumer | null;
  /** Milliseconds since the broker began. */
  readonly atMs: number;
}

/** So many places that are empty are not worth to be cleared away. */
const MIN_EMPTY = 64;

/** The deliveries of a channel, by their tags, which only go up. Tags may be settled in any order. */
export class Unacked {
  #deliveries: Delivery[] = [];
  /** Tags that were settled and are still in `#deliveries`. */
  #settled = new Set<number>();
  /** All before are settled. */
  #head = 0;

  get length(): number {
    return this.#deliveries.length - this.#head - this.#settled.size;
  }

  first(): Delivery | undefined {
    return this.#deliveries[this.#head];
  }

  *[Symbol.iterator](): IterableIterator<Delivery> {
    for (let at = this.#head; at < this.#deliveries.length; at += 1) {
      const delivery = this.#deliveries[at] as Delivery;
      if (!this.#settled.has(delivery.tag)) yield delivery;
    }
  }

  push(delivery: Delivery): void {
    this.#deliveries.push(delivery);
  }

  take(tag: number): Delivery | undefined {
    const at = this.#find(tag);
    if (at === -1) return undefined;
    const delivery = this.#deliveries[at] as Delivery;
    if (at === this.#head) this.#head += 1;
    else this.#settled.add(tag);
    this.#tidy();
    return delivery;
  }

  /** All up to that one, which must be there. */
  takeUpTo(tag: number): Delivery[] | undefined {
    const at = this.#find(tag);
    return at === -1 ? undefined : this.#takeBefore(at + 1);
  }

  takeAll(): Delivery[] {
    return this.#takeBefore(this.#deliveries.length);
  }

  /** Puts back what was taken. */
  restore(deliveries: readonly Delivery[]): void {
    this.#deliveries = [...this.takeAll(), ...deliveries].sort((a, b) => a.tag - b.tag);
    this.#head = 0;
  }

  #takeBefore(end: number): Delivery[] {
    const taken: Delivery[] = [];
    for (; this.#head < end; this.#head += 1) {
      const delivery = this.#deliveries[this.#head] as Delivery;
      if (!this.#settled.delete(delivery.tag)) taken.push(delivery);
    }
    this.#tidy();
    return taken;
  }

  #find(tag: number): number {
    const deliveries = this.#deliveries;
    let [low, high] = [this.#head, deliveries.length - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = (deliveries[middle] as Delivery).tag;
      if (found === tag) return this.#settled.has(tag) ? -1 : middle;
      if (found < tag) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  #tidy(): void {
    const deliveries = this.#deliveries;
    for (; this.#head < deliveries.length; this.#head += 1)
      if (!this.#settled.delete((deliveries[this.#head] as Delivery).tag)) break;
    const empty = this.#head + this.#settled.size;
    if (empty < MIN_EMPTY || empty < deliveries.length / 2) return;
    this.#deliveries = deliveries.slice(this.#head).filter(({ tag }) => !this.#settled.has(tag));
    this.#settled.clear();
    this.#head = 0;
  }
}
