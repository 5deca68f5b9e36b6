import type { Entry } from './entry.ts';

/** Messages that came back, the earliest place first: a binary heap. */
export class Returned {
  readonly #heap: Entry[] = [];

  get length(): number {
    return this.#heap.length;
  }

  first(): Entry | undefined {
    return this.#heap[0];
  }

  push(entry: Entry): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if ((heap[parent] as Entry).seq <= entry.seq) break;
      heap[at] = heap[parent] as Entry;
      at = parent;
    }
    heap[at] = entry;
  }

  shift(): Entry | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (heap.length === 0 || last === undefined) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && (heap[child + 1] as Entry).seq < (heap[child] as Entry).seq) child += 1;
      if ((heap[child] as Entry).seq >= last.seq) break;
      heap[at] = heap[child] as Entry;
      at = child;
    }
    heap[at] = last;
    return first;
  }

  [Symbol.iterator](): IterableIterator<Entry> {
    return this.#heap.values();
  }
}
