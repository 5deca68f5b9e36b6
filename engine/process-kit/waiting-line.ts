/** A place in the line, to leave it from. */
export interface Place<Item> {
  readonly item: Item;
  older: Place<Item> | null;
  newer: Place<Item> | null;
}

/** Those who wait, in the order in which they came: taken from either end, left from anywhere. A linked list. */
export interface WaitingLine<Item> {
  join(item: Item): Place<Item>;
  /** Only for a place that is in the line. */
  leave(place: Place<Item>): void;
  oldest(): Place<Item> | null;
  newest(): Place<Item> | null;
  readonly length: number;
}

export function createWaitingLine<Item>(): WaitingLine<Item> {
  let oldest: Place<Item> | null = null;
  let newest: Place<Item> | null = null;
  let length = 0;
  return {
    join(item) {
      const place: Place<Item> = { item, older: newest, newer: null };
      if (newest) newest.newer = place;
      else oldest = place;
      newest = place;
      length += 1;
      return place;
    },
    leave(place) {
      if (place.older) place.older.newer = place.newer;
      else oldest = place.newer;
      if (place.newer) place.newer.older = place.older;
      else newest = place.older;
      length -= 1;
    },
    oldest: () => oldest,
    newest: () => newest,
    get length() {
      return length;
    },
  };
}
