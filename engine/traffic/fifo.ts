/** First in, first out, without moving what stays. */
export interface Fifo<Item> {
  push(item: Item): void;
  first(): Item | undefined;
  shift(): Item | undefined;
  readonly length: number;
  /** Takes out every item that matches, in order. */
  remove(matches: (item: Item) => boolean): Item[];
}

/** Below this many used-up places tidying costs more than it saves. */
const TIDY_AT = 1024;

export function createFifo<Item>(): Fifo<Item> {
  let items: (Item | undefined)[] = [];
  let head = 0;
  return {
    push(item) {
      items.push(item);
    },
    first: () => items[head],
    shift() {
      if (head === items.length) return undefined;
      const item = items[head];
      items[head] = undefined;
      head += 1;
      if (head === items.length) {
        items.length = 0;
        head = 0;
      } else if (head >= TIDY_AT && head * 2 > items.length) {
        items = items.slice(head);
        head = 0;
      }
      return item;
    },
    get length() {
      return items.length - head;
    },
    remove(matches) {
      const all = items.slice(head) as Item[];
      const removed = all.filter(matches);
      if (removed.length > 0) {
        items = all.filter((item) => !matches(item));
        head = 0;
      }
      return removed;
    },
  };
}
