import { bytesOf, createEntry, type Entry, type Value } from './entry.ts';
import { NONE, Slots } from './slots.ts';

/** What the databases of a server have in common. */
export interface Shared {
  /** Epoch milliseconds. */
  now(): number;
  readonly stats: { hits: number; misses: number; expired: number };
  usedBytes: number;
  keys: number;
  touch(entry: Entry): void;
  defaultExpiryMs(): number;
  makeRoomForKey(): void;
  expectExpiry(): void;
}

/** One of the numbered databases: its keys, and which of them expire. */
export class Database {
  readonly #shared: Shared;
  readonly #entries = new Map<string, Entry>();
  readonly all = new Slots<'slot', Entry>('slot');
  readonly expiring = new Slots<'expirySlot', Entry>('expirySlot');

  constructor(shared: Shared) {
    this.#shared = shared;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The key as it is now, without counting the look at it as a use. */
  peek(key: string): Entry | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined || entry.expiresAtMs > this.#shared.now()) return entry;
    this.#shared.stats.expired += 1;
    this.remove(entry);
    return undefined;
  }

  /** For commands that read: counts as a use, and as a hit or a miss. */
  read(key: string): Entry | undefined {
    const entry = this.peek(key);
    if (entry === undefined) this.#shared.stats.misses += 1;
    else {
      this.#shared.stats.hits += 1;
      this.#shared.touch(entry);
    }
    return entry;
  }

  /** For commands that change what is there: counts as a use. */
  use(key: string): Entry | undefined {
    const entry = this.peek(key);
    if (entry !== undefined) this.#shared.touch(entry);
    return entry;
  }

  /** Puts a value in the place of whatever was there. Throws when there is no room for a further key. */
  set(key: string, value: Value, expiresAtMs: number = this.#shared.defaultExpiryMs()): Entry {
    let entry = this.peek(key);
    if (entry === undefined) {
      this.#shared.makeRoomForKey();
      entry = createEntry(key, value, this.#shared.now());
      this.#entries.set(key, entry);
      this.all.add(entry);
      this.#shared.keys += 1;
    }
    this.change(entry, value);
    this.expireAt(entry, expiresAtMs);
    this.#shared.touch(entry);
    return entry;
  }

  /** Another value, with the same expiry. */
  change(entry: Entry, value: Value): void {
    entry.value = value;
    const bytes = bytesOf(entry);
    this.#shared.usedBytes += bytes - entry.bytes;
    entry.bytes = bytes;
  }

  /** Infinity: never. A time that is past removes the key at once. */
  expireAt(entry: Entry, atMs: number): void {
    entry.expiresAtMs = atMs;
    if (atMs <= this.#shared.now()) this.remove(entry);
    else if (atMs === Number.POSITIVE_INFINITY) {
      if (entry.expirySlot !== NONE) this.expiring.remove(entry);
    } else if (entry.expirySlot === NONE) {
      this.expiring.add(entry);
      this.#shared.expectExpiry();
    }
  }

  remove(entry: Entry): void {
    this.#entries.delete(entry.key);
    this.all.remove(entry);
    if (entry.expirySlot !== NONE) this.expiring.remove(entry);
    this.#shared.usedBytes -= entry.bytes;
    this.#shared.keys -= 1;
  }

  /** The same value and expiry under another name. */
  rename(entry: Entry, key: string): void {
    const { value, expiresAtMs } = entry;
    this.remove(entry);
    this.set(key, value, expiresAtMs);
  }

  clear(): void {
    for (let last = this.all.at(this.all.size - 1); last; last = this.all.at(this.all.size - 1)) this.remove(last);
  }

  /** Keys that are not over, in no particular order. */
  *live(): IterableIterator<Entry> {
    const nowMs = this.#shared.now();
    for (const entry of this.#entries.values()) if (entry.expiresAtMs > nowMs) yield entry;
  }

  /**
   * From the end of all keys downwards. A key moves only when the last one fills the place of one that went, which is
   * downwards, so each key that is there all the while is met at least once, whatever comes and goes between two calls.
   */
  scan(cursor: number, count: number): { cursor: number; entries: Entry[] } {
    const nowMs = this.#shared.now();
    const from = cursor === 0 ? this.all.size : Math.min(cursor, this.all.size);
    const to = Math.max(0, from - count);
    const entries: Entry[] = [];
    for (let place = from - 1; place >= to; place -= 1) {
      const entry = this.all.at(place) as Entry;
      if (entry.expiresAtMs > nowMs) entries.push(entry);
    }
    return { cursor: to, entries };
  }
}
