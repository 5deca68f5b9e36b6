import { bytesOf, type Collection, createEntry, type Entry, type Value } from './entry.ts';
import { wrongType } from './errors.ts';
import { NONE, Slots } from './slots.ts';
import { ShardedMap } from './values/sharded-map.ts';

/** What the databases of a server have in common. */
export interface Shared {
  /** Epoch milliseconds. */
  now(): number;
  readonly stats: { hits: number; misses: number; expired: number };
  usedBytes: number;
  keys: number;
  /** The rewrite of the log that is under way; 0: none was ever. */
  rewrite: number;
  touch(entry: Entry): void;
  defaultExpiryMs(): number;
  makeRoomForKey(): void;
  expectExpiry(): void;
  /** A key became another, or went. */
  modified(database: Database, key: string): void;
  /** All of its keys are gone. */
  cleared(database: Database): void;
  /** The time of a key is over, and it is gone. */
  expired(database: Database, key: string): void;
  /** A collection has lost its last element, and is gone. */
  emptied(database: Database, key: string): void;
  /** A key is about to be looked at that is not in the log's rewrite yet. */
  beforeRewritten(database: Database, entry: Entry): void;
}

/** One of the numbered databases: its keys, and which of them expire. */
export class Database {
  readonly index: number;
  readonly #shared: Shared;
  #entries = new ShardedMap<Entry>();
  all = new Slots<'slot', Entry>('slot');
  expiring = new Slots<'expirySlot', Entry>('expirySlot');

  constructor(index: number, shared: Shared) {
    this.index = index;
    this.#shared = shared;
  }

  get size(): number {
    return this.all.size;
  }

  /** The key as it is now, without counting the look at it as a use. */
  peek(key: string): Entry | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return entry;
    if (entry.rewrite !== this.#shared.rewrite) this.#shared.beforeRewritten(this, entry);
    if (entry.expiresAtMs === Number.POSITIVE_INFINITY || entry.expiresAtMs >= this.#shared.now()) return entry;
    this.expire(entry);
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

  /** The collection under a key, to read from it. Throws when the key holds another type. */
  readAs<C extends Collection>(key: string, type: new () => C): C | undefined {
    return collectionOf(this.read(key), type)?.value;
  }

  /** The key with its collection, to change it; `changed` must follow. Throws when the key holds another type. */
  editAs<C extends Collection>(key: string, type: new () => C): Entry<C> | undefined {
    return collectionOf(this.use(key), type);
  }

  /** The same, with an empty collection where there is nothing. */
  ensure<C extends Collection>(key: string, type: new () => C): Entry<C> {
    return (
      this.editAs(key, type) ?? (this.#put(this.#create(key, new type()), this.#shared.defaultExpiryMs()) as Entry<C>)
    );
  }

  /** A collection was changed in place: accounts for it, and lets it go when it is empty. */
  changed(entry: Entry<Collection>): void {
    const { value } = entry;
    if (value.size === 0 && value.type !== 'stream') {
      this.remove(entry);
      this.#shared.emptied(this, entry.key);
      return;
    }
    const bytes = bytesOf(entry);
    this.#shared.usedBytes += bytes - entry.bytes;
    entry.bytes = bytes;
    this.#shared.modified(this, entry.key);
  }

  /** Puts a value in the place of whatever was there. Throws when there is no room for a further key. */
  set(key: string, value: Value, expiresAtMs: number = this.#shared.defaultExpiryMs()): Entry {
    let entry = this.peek(key);
    if (entry === undefined) entry = this.#create(key, value);
    else entry.value = value;
    return this.#put(entry, expiresAtMs);
  }

  /** A key that is not there yet. */
  #create(key: string, value: Value): Entry {
    this.#shared.makeRoomForKey();
    const entry = createEntry(key, value, this.#shared.now());
    entry.rewrite = this.#shared.rewrite;
    this.#entries.set(key, entry);
    this.all.add(entry);
    this.#shared.keys += 1;
    return entry;
  }

  /** Accounts for what a key holds now. */
  #put(entry: Entry, expiresAtMs: number): Entry {
    this.change(entry, entry.value);
    if (expiresAtMs !== entry.expiresAtMs) this.expireAt(entry, expiresAtMs);
    this.#shared.touch(entry);
    return entry;
  }

  /** Another value, with the same expiry. */
  change(entry: Entry, value: Value): void {
    entry.value = value;
    const bytes = bytesOf(entry);
    this.#shared.usedBytes += bytes - entry.bytes;
    entry.bytes = bytes;
    this.#shared.modified(this, entry.key);
  }

  /** Infinity: never. A time that is past removes the key at once. */
  expireAt(entry: Entry, atMs: number): void {
    entry.expiresAtMs = atMs;
    this.#shared.modified(this, entry.key);
    if (atMs <= this.#shared.now()) this.remove(entry);
    else if (atMs === Number.POSITIVE_INFINITY) {
      if (entry.expirySlot !== NONE) this.expiring.remove(entry);
    } else if (entry.expirySlot === NONE) {
      this.expiring.add(entry);
      this.#shared.expectExpiry();
    }
  }

  /** Removes a key whose time is over. */
  expire(entry: Entry): void {
    this.#shared.stats.expired += 1;
    this.remove(entry);
    this.#shared.expired(this, entry.key);
  }

  remove(entry: Entry): void {
    this.#entries.delete(entry.key);
    this.all.remove(entry);
    if (entry.expirySlot !== NONE) this.expiring.remove(entry);
    this.#shared.usedBytes -= entry.bytes;
    this.#shared.keys -= 1;
    this.#shared.modified(this, entry.key);
  }

  /** The same value and expiry under another name. */
  rename(entry: Entry, key: string): void {
    const { value, expiresAtMs } = entry;
    this.remove(entry);
    this.set(key, value, expiresAtMs);
  }

  clear(): void {
    if (this.size === 0) return;
    for (let place = 0; place < this.all.size; place += 1)
      this.#shared.usedBytes -= (this.all.at(place) as Entry).bytes;
    this.#shared.keys -= this.size;
    this.#entries = new ShardedMap();
    this.all = new Slots('slot');
    this.expiring = new Slots('expirySlot');
    this.#shared.cleared(this);
  }

  /** Keys that are not over, in no particular order. */
  *live(): IterableIterator<Entry> {
    const nowMs = this.#shared.now();
    for (const entry of this.#entries.values()) if (entry.expiresAtMs >= nowMs) yield entry;
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
      if (entry.expiresAtMs >= nowMs) entries.push(entry);
    }
    return { cursor: to, entries };
  }
}

function collectionOf<C extends Collection>(entry: Entry | undefined, type: new () => C): Entry<C> | undefined {
  if (entry !== undefined && !(entry.value instanceof type)) throw wrongType();
  return entry as Entry<C> | undefined;
}

/** The string that a key holds. Throws when it holds another type. */
export function stringOf(entry: Entry | undefined): string | null {
  if (entry === undefined) return null;
  if (typeof entry.value !== 'string') throw wrongType();
  return entry.value;
}
