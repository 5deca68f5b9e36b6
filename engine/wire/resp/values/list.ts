/** What an element costs in V8 besides its bytes. */
const ELEMENT_BYTES = 24;
/** Free places that are made in front of the first element when there is none left. */
const LEAST_ROOM = 16;

/** A list whose both ends are near: an array with free places in front. */
export class ListValue {
  readonly type = 'list';
  bytes = 0;
  #items: string[] = [];
  #head = 0;

  get size(): number {
    return this.#items.length - this.#head;
  }

  push(text: string): void {
    this.#items.push(text);
    this.bytes += ELEMENT_BYTES + text.length;
  }

  unshift(text: string): void {
    if (this.#head === 0) {
      this.#head = Math.max(LEAST_ROOM, this.#items.length);
      this.#items = new Array<string>(this.#head).fill('').concat(this.#items);
    }
    this.#head -= 1;
    this.#items[this.#head] = text;
    this.bytes += ELEMENT_BYTES + text.length;
  }

  pop(): string | undefined {
    if (this.size === 0) return undefined;
    const text = this.#items.pop() as string;
    this.bytes -= ELEMENT_BYTES + text.length;
    return text;
  }

  shift(): string | undefined {
    if (this.size === 0) return undefined;
    const text = this.#items[this.#head] as string;
    this.#items[this.#head] = '';
    this.#head += 1;
    this.bytes -= ELEMENT_BYTES + text.length;
    if (this.#head > LEAST_ROOM && this.#head > 3 * this.size) this.#settle(this.toArray());
    return text;
  }

  /** Negative: from the end. */
  at(index: number): string | undefined {
    const place = index < 0 ? this.#items.length + index : this.#head + index;
    return place < this.#head ? undefined : this.#items[place];
  }

  set(index: number, text: string): boolean {
    const old = this.at(index);
    if (old === undefined) return false;
    this.#items[index < 0 ? this.#items.length + index : this.#head + index] = text;
    this.bytes += text.length - old.length;
    return true;
  }

  /** From a place to another, without it; both within the list. */
  slice(from: number, to: number): string[] {
    return this.#items.slice(this.#head + from, this.#head + to);
  }

  toArray(): string[] {
    return this.#items.slice(this.#head);
  }

  indexOf(text: string): number {
    const place = this.#items.indexOf(text, this.#head);
    return place === -1 ? -1 : place - this.#head;
  }

  insert(index: number, text: string): void {
    this.#items.splice(this.#head + index, 0, text);
    this.bytes += ELEMENT_BYTES + text.length;
  }

  /** Keeps what lies between two places. */
  trim(from: number, to: number): void {
    this.#settle(this.slice(from, to));
  }

  /** Removes so many that equal the text, from the front, or, if negative, from the end; 0: all. Returns how many. */
  remove(count: number, text: string): number {
    const most = count === 0 ? Number.POSITIVE_INFINITY : Math.abs(count);
    if (most === 1) return this.#removeOne(count, text);
    const items = this.toArray();
    if (count < 0) items.reverse();
    let removed = 0;
    const kept = items.filter((item) => {
      if (item !== text || removed >= most) return true;
      removed += 1;
      return false;
    });
    if (count < 0) kept.reverse();
    if (removed > 0) this.#settle(kept);
    return removed;
  }

  #removeOne(count: number, text: string): number {
    const place = count < 0 ? this.#items.lastIndexOf(text) : this.#items.indexOf(text, this.#head);
    if (place < this.#head) return 0;
    this.#items.splice(place, 1);
    this.bytes -= ELEMENT_BYTES + text.length;
    return 1;
  }

  #settle(items: string[]): void {
    this.#items = items;
    this.#head = 0;
    this.bytes = items.reduce((sum, { length }) => sum + ELEMENT_BYTES + length, 0);
  }
}
