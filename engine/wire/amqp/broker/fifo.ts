const CHUNK = 512;

interface Chunk<Item> {
  readonly items: (Item | undefined)[];
  next: Chunk<Item> | null;
}

const newChunk = <Item>(): Chunk<Item> => ({ items: [], next: null });

/** First in, first out, in constant time however many there are: it grows and shrinks by chunks, and never moves an item. */
export class Fifo<Item> {
  #first: Chunk<Item> = newChunk();
  #last: Chunk<Item> = this.#first;
  #head = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(item: Item): void {
    if (this.#last.items.length === CHUNK) {
      this.#last.next = newChunk();
      this.#last = this.#last.next;
    }
    this.#last.items.push(item);
    this.#length += 1;
  }

  first(): Item | undefined {
    return this.#first.items[this.#head];
  }

  shift(): Item | undefined {
    if (this.#length === 0) return undefined;
    const item = this.#first.items[this.#head];
    this.#first.items[this.#head] = undefined;
    this.#head += 1;
    this.#length -= 1;
    if (this.#length === 0) {
      this.#first = newChunk();
      this.#last = this.#first;
      this.#head = 0;
    } else if (this.#head === CHUNK) {
      this.#first = this.#first.next as Chunk<Item>;
      this.#head = 0;
    }
    return item;
  }

  *[Symbol.iterator](): IterableIterator<Item> {
    let head = this.#head;
    for (let chunk: Chunk<Item> | null = this.#first; chunk; chunk = chunk.next) {
      for (let at = head; at < chunk.items.length; at += 1) yield chunk.items[at] as Item;
      head = 0;
    }
  }
}
