import { NONE } from './slots.ts';
import type { HashValue } from './values/hash.ts';
import type { ListValue } from './values/list.ts';
import type { SetValue } from './values/set.ts';
import type { SortedSetValue } from './values/sorted-set.ts';
import type { StreamValue } from './values/stream.ts';

/** What holds several things. Knows how many, and its bytes. */
export type Collection = HashValue | ListValue | SetValue | SortedSetValue | StreamValue;

/** What a key can hold. */
export type Value = string | Collection;

/** A key with what it holds. */
export interface Entry<V extends Value = Value> {
  readonly key: string;
  value: V;
  /** Epoch milliseconds; Infinity: never. */
  expiresAtMs: number;
  /** Grows with each use of any key. */
  usedAt: number;
  usedAtSec: number;
  /** Redis' logarithmic counter of uses, 0 to 255, and the minute since the epoch when it was last brought up to date. */
  frequency: number;
  frequencyAtMin: number;
  /** As it is accounted for. */
  bytes: number;
  /** Its places among all keys, and among those that expire. */
  slot: number;
  expirySlot: number;
  /** The last rewrite of the log that has it. */
  rewrite: number;
}

/** New keys start above zero, so that they are not evicted before they had a chance; Redis' LFU_INIT_VAL. */
export const NEW_FREQUENCY = 5;

export const createEntry = (key: string, value: Value, nowMs: number): Entry => ({
  key,
  value,
  expiresAtMs: Number.POSITIVE_INFINITY,
  usedAt: 0,
  usedAtSec: Math.floor(nowMs / 1000),
  frequency: NEW_FREQUENCY,
  // In minutes, as its decay: small whole numbers need no memory of their own in V8.
  frequencyAtMin: Math.floor(nowMs / 60_000),
  bytes: 0,
  slot: NONE,
  expirySlot: NONE,
  rewrite: 0,
});

/** What a key costs in V8 besides its bytes: two strings, the entry, its places in the map and in the lists. Measured: 212 to 239. */
const ENTRY_BYTES = 220;

export const bytesOf = ({ key, value }: Pick<Entry, 'key' | 'value'>): number =>
  ENTRY_BYTES + key.length + (typeof value === 'string' ? value.length : value.bytes);

export const typeOf = (value: Value): string => (typeof value === 'string' ? 'string' : value.type);
