import { Database, type Shared } from './database.ts';
import type { Entry } from './entry.ts';
import { outOfMemory, RespError } from './errors.ts';
import { countUse, type EvictionPolicy, worthOf } from './eviction.ts';

export const DATABASES = 16;

/** Settings that may change while the server runs. */
export interface KeyspaceSettings {
  /** 0: no limit. Counts keys, values and an estimate of what each key costs besides. */
  maxMemoryBytes: number;
  /** 0: no limit. Not in Redis. */
  maxKeys: number;
  policy: EvictionPolicy;
  /** Keys that are looked at for each one that is evicted; Redis' `maxmemory-samples`. */
  samples: number;
  /** Expiry of keys that are written without one. Null: they stay. Not in Redis. */
  defaultTtlMs: number | null;
}

/** Ten times a second a few expiring keys are looked at, and more of them while many prove to be over; Redis' `hz`. */
const EXPIRY_INTERVAL_MS = 100;
const EXPIRY_SAMPLES = 20;
/** Sampling goes on while more than this share of a sample was over. */
const EXPIRY_STALE_SHARE = 0.1;
/** A quarter of the time at most. */
const EXPIRY_BUDGET_MS = 25;

/** Who is told of what happens to keys. */
export interface KeyspaceEvents {
  modified(database: Database, key: string): void;
  cleared(database: Database): void;
  expired(database: Database, key: string): void;
  evicted(database: Database, key: string): void;
  emptied(database: Database, key: string): void;
  beforeRewritten(database: Database, entry: Entry): void;
}

/** All databases of a server: what they use together, what goes when there is no room, and what time removes. */
export class Keyspace implements Shared {
  readonly settings: KeyspaceSettings;
  /** Goes on while time stands still for commands. */
  readonly clock: () => number;
  readonly random: () => number;
  readonly stats = { hits: 0, misses: 0, expired: 0, evicted: 0 };
  usedBytes = 0;
  /** Of all databases. */
  keys = 0;
  /** Grows with every change. */
  changes = 0;
  /** Epoch seconds of what is under way; as coarse as `OBJECT IDLETIME` tells them. */
  usedAtSec = 0;
  rewrite = 0;
  #frozenMs: number | null = null;
  readonly #events: KeyspaceEvents;
  readonly #databases: (Database | undefined)[] = [];
  #uses = 0;
  #expiry: NodeJS.Timeout | undefined;

  constructor(options: { settings: KeyspaceSettings; now(): number; random(): number; events: KeyspaceEvents }) {
    this.settings = options.settings;
    this.clock = options.now;
    this.#events = options.events;
    this.usedAtSec = Math.floor(this.clock() / 1000);
    this.random = options.random;
  }

  now(): number {
    return this.#frozenMs ?? this.clock();
  }

  get isFrozen(): boolean {
    return this.#frozenMs !== null;
  }

  /** While a script or a transaction runs, time stands still; while a log is read, at zero, nothing is over. */
  freeze(atMs: number | null): void {
    this.#frozenMs = atMs;
  }

  modified(database: Database, key: string): void {
    this.changes += 1;
    this.#events.modified(database, key);
  }

  cleared(database: Database): void {
    this.changes += 1;
    this.#events.cleared(database);
  }

  expired(database: Database, key: string): void {
    this.#events.expired(database, key);
  }

  emptied(database: Database, key: string): void {
    this.#events.emptied(database, key);
  }

  beforeRewritten(database: Database, entry: Entry): void {
    this.#events.beforeRewritten(database, entry);
  }

  database(index: number): Database {
    let database = this.#databases[index];
    if (!database) {
      database = new Database(index, this);
      this.#databases[index] = database;
    }
    return database;
  }

  /** Those that were used so far, with their numbers. */
  databases(): [number, Database][] {
    return this.#databases.flatMap((database, index) => (database ? [[index, database] as [number, Database]] : []));
  }

  touch(entry: Entry): void {
    this.#uses += 1;
    entry.usedAt = this.#uses;
    entry.usedAtSec = this.usedAtSec;
    const { policy } = this.settings;
    if (policy === 'allkeys-lfu' || policy === 'volatile-lfu') countUse(entry, this.now(), this.random);
  }

  defaultExpiryMs(): number {
    const { defaultTtlMs } = this.settings;
    return defaultTtlMs === null ? Number.POSITIVE_INFINITY : this.now() + defaultTtlMs;
  }

  /** Before a command that may need more memory. Throws when nothing more can go. */
  makeRoom(): void {
    const { maxMemoryBytes, maxKeys, policy } = this.settings;
    while (maxMemoryBytes > 0 && this.usedBytes > maxMemoryBytes) if (!this.#evictOne()) throw outOfMemory();
    if (maxKeys > 0 && policy === 'noeviction' && this.keys >= maxKeys) throw tooManyKeys();
  }

  makeRoomForKey(): void {
    const { maxKeys } = this.settings;
    while (maxKeys > 0 && this.keys >= maxKeys) if (!this.#evictOne()) throw tooManyKeys();
  }

  /** Starts looking for keys that are over; it stops by itself when none is left that expires. */
  expectExpiry(): void {
    this.#expiry ??= setInterval(() => this.removeExpired(), EXPIRY_INTERVAL_MS).unref();
  }

  /** Redis' active expiry: samples, and goes on only where that is worth it. */
  removeExpired(): void {
    const untilMs = performance.now() + EXPIRY_BUDGET_MS;
    let left = 0;
    for (const [, database] of this.databases()) {
      let over: number;
      do {
        over = this.#removeExpiredSample(database);
      } while (over > EXPIRY_SAMPLES * EXPIRY_STALE_SHARE && performance.now() < untilMs);
      left += database.expiring.size;
    }
    if (left === 0) this.close();
  }

  close(): void {
    clearInterval(this.#expiry);
    this.#expiry = undefined;
  }

  #removeExpiredSample(database: Database): number {
    const nowMs = this.now();
    let over = 0;
    for (let i = 0; i < EXPIRY_SAMPLES; i += 1) {
      const entry = database.expiring.sample(this.random);
      if (!entry || entry.expiresAtMs >= nowMs) continue;
      database.expire(entry);
      over += 1;
    }
    return over;
  }

  /** Removes the least worthy of a few keys drawn at random, as Redis does; without its pool of earlier candidates. */
  #evictOne(): boolean {
    const { policy, samples } = this.settings;
    const worth = worthOf[policy];
    if (!worth) return false;
    const nowMs = this.now();
    let worst: { database: Database; entry: Entry; worth: number } | undefined;
    for (const [, database] of this.databases()) {
      const candidates = policy.startsWith('volatile') ? database.expiring : database.all;
      // Few keys are all looked at: then the choice is exact.
      const looks = Math.min(samples, candidates.size);
      for (let i = 0; i < looks; i += 1) {
        const entry = (looks === candidates.size ? candidates.at(i) : candidates.sample(this.random)) as Entry;
        const value = worth(entry, nowMs, this.random);
        if (!worst || value < worst.worth) worst = { database, entry, worth: value };
      }
    }
    if (!worst) return false;
    worst.database.remove(worst.entry);
    this.#events.evicted(worst.database, worst.entry.key);
    this.stats.evicted += 1;
    return true;
  }
}

const tooManyKeys = (): RespError => new RespError("OOM command not allowed when number of keys > 'maxkeys'.");
