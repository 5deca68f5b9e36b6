import type { Value } from './entry.ts';
import { HashValue } from './values/hash.ts';
import { ListValue } from './values/list.ts';
import { SetValue } from './values/set.ts';
import { SortedSetValue } from './values/sorted-set.ts';

const isInteger = (text: string): boolean => /^(?:0|-?[1-9]\d{0,17})$/.test(text);

/** Redis' limits of its compact encodings. */
const HASH_LISTPACK_ENTRIES = 512;
const SORTED_SET_LISTPACK_ENTRIES = 128;
const LISTPACK_BYTES = 64;
const INTSET_ENTRIES = 512;
const EMBEDDED_BYTES = 44;

/**
 * What OBJECT ENCODING would tell of such a value in Redis 7. Here nothing is encoded so; a collection that became small
 * again tells of its size now.
 */
export function encodingOf(value: Value): string {
  if (typeof value === 'string') {
    if (isInteger(value)) return 'int';
    return value.length <= EMBEDDED_BYTES ? 'embstr' : 'raw';
  }
  if (value instanceof ListValue) return 'quicklist';
  if (value instanceof HashValue) {
    const compact = value.size <= HASH_LISTPACK_ENTRIES && value.flat().every(isShort);
    return compact ? 'listpack' : 'hashtable';
  }
  if (value instanceof SortedSetValue) {
    const compact = value.size <= SORTED_SET_LISTPACK_ENTRIES && value.toArray().every(({ member }) => isShort(member));
    return compact ? 'listpack' : 'skiplist';
  }
  if (value instanceof SetValue)
    return value.size <= INTSET_ENTRIES && [...value.values()].every(isInteger) ? 'intset' : 'hashtable';
  return 'stream';
}

const isShort = (text: string): boolean => text.length <= LISTPACK_BYTES;
