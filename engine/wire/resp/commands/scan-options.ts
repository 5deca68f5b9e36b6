import { RespError, syntaxError } from '../errors.ts';
import { parseInteger } from '../numbers.ts';
import { createMatcher } from '../pattern.ts';

export interface ScanOptions {
  matches(text: string): boolean;
  type: string | null;
  count: number;
}

export function checkCursor(cursor: string): void {
  if (!/^\d{1,20}$/.test(cursor)) throw new RespError('ERR invalid cursor');
}

/** What may follow the cursor of SCAN, HSCAN, SSCAN and ZSCAN. */
export function parseScanOptions(words: readonly string[], withType = false): ScanOptions {
  const options: ScanOptions = { matches: () => true, type: null, count: 10 };
  for (let i = 0; i < words.length; i += 2) {
    const [word, text] = [(words[i] as string).toLowerCase(), words[i + 1]];
    if (text === undefined) throw syntaxError();
    if (word === 'count') options.count = parseInteger(text);
    else if (word === 'match') options.matches = createMatcher(text);
    else if (word === 'type' && withType) options.type = text.toLowerCase();
    else throw syntaxError();
    if (options.count < 1) throw syntaxError();
  }
  return options;
}

/**
 * One step through a collection: all of it where Redis has it in a compact encoding; else `count` elements. Up to a few thousand
 * they come in the order of a hash, and the cursor is the next one's: what is there all the while comes, whatever comes and goes.
 * Larger ones are gone through by places, so what is removed meanwhile may let a scan pass over an element.
 */
export function scanStep<T>({ size, isCompact, elements, nameOf, cursor, count }: Scan<T>): {
  next: string;
  taken: T[];
} {
  checkCursor(cursor);
  if (isCompact()) return { next: '0', taken: [...elements()] };
  const from = Number(cursor);
  if (from >= HASHED || (from === 0 && size <= MOST_HASHED)) {
    const rest = [...elements()]
      .map((element) => ({ element, place: HASHED + hashOf(nameOf(element)) }))
      .filter(({ place }) => place >= from)
      .sort((a, b) => a.place - b.place);
    let end = Math.min(count, rest.length);
    while (end < rest.length && rest[end]?.place === rest[end - 1]?.place) end += 1;
    return { next: String(rest[end]?.place ?? 0), taken: rest.slice(0, end).map(({ element }) => element) };
  }
  const taken: T[] = [];
  let place = 0;
  for (const element of elements()) {
    if (place >= from + count) return { next: String(place), taken };
    if (place >= from) taken.push(element);
    place += 1;
  }
  return { next: '0', taken };
}

interface Scan<T> {
  size: number;
  isCompact(): boolean;
  elements(): Iterable<T>;
  /** What an element is known by. */
  nameOf(element: T): string;
  cursor: string;
  count: number;
}

/** A cursor from here on is a hash and no place. */
const HASHED = 2 ** 32;
const MOST_HASHED = 4096;

/** FNV-1a, in 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
