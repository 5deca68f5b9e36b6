import type { Entry } from './entry.ts';
import { Fifo } from './fifo.ts';
import { Returned } from './returned.ts';

/** The messages of one priority. Those that came back have earlier places than all that were never taken. */
class Lane {
  readonly waiting = new Fifo<Entry>();
  readonly returned = new Returned();

  get length(): number {
    return this.waiting.length + this.returned.length;
  }

  first(): Entry | undefined {
    return this.returned.first() ?? this.waiting.first();
  }

  shift(): Entry | undefined {
    return this.returned.length > 0 ? this.returned.shift() : this.waiting.shift();
  }
}

/** What waits in a queue: by priority, and then by place. */
export class Ready {
  readonly #lanes: (Lane | undefined)[];
  /** No lane above has anything. */
  #top = 0;
  #length = 0;
  #bytes = 0;

  constructor(maxPriority: number) {
    this.#lanes = new Array(maxPriority + 1);
  }

  get length(): number {
    return this.#length;
  }

  /** Of the bodies. */
  get bytes(): number {
    return this.#bytes;
  }

  #laneOf(entry: Entry): Lane {
    const priority = Math.min(entry.message.summary.priority, this.#lanes.length - 1);
    if (priority > this.#top) this.#top = priority;
    let lane = this.#lanes[priority];
    if (lane === undefined) {
      lane = new Lane();
      this.#lanes[priority] = lane;
    }
    this.#length += 1;
    this.#bytes += entry.message.body.length;
    return lane;
  }

  push(entry: Entry): void {
    this.#laneOf(entry).waiting.push(entry);
  }

  /** To where it was. */
  putBack(entry: Entry): void {
    this.#laneOf(entry).returned.push(entry);
  }

  #topLane(): Lane | undefined {
    while (this.#top > 0 && !this.#lanes[this.#top]?.length) this.#top -= 1;
    return this.#lanes[this.#top];
  }

  first(): Entry | undefined {
    return this.#topLane()?.first();
  }

  shift(): Entry | undefined {
    const entry = this.#topLane()?.shift();
    if (entry) {
      this.#length -= 1;
      this.#bytes -= entry.message.body.length;
    }
    return entry;
  }

  /** When the one that waits longest was published. Priorities are not asked for: each lane knows its own first. */
  oldestAtMs(): number | null {
    let oldest: number | null = null;
    for (const lane of this.#lanes) {
      const first = lane?.first();
      if (first && (oldest === null || first.publishedAtMs < oldest)) oldest = first.publishedAtMs;
    }
    return oldest;
  }

  /** In the order in which they would be delivered, but for those that came back, which are in no order. */
  *[Symbol.iterator](): IterableIterator<Entry> {
    for (let at = this.#lanes.length - 1; at >= 0; at -= 1) {
      const lane = this.#lanes[at];
      if (!lane) continue;
      yield* lane.returned;
      yield* lane.waiting;
    }
  }
}
