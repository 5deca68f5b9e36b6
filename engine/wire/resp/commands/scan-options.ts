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
 * One step through a collection: all of it while it is small, as Redis does with its compact encodings; else so many from
 * a place on. Elements that come or go while somebody scans a large one may move the others by a few places, so a step
 * takes up again what lies a little before its own.
 */
export function scanStep<T>(
  size: number,
  elements: () => Iterable<T>,
  cursor: string,
  count: number,
): { next: string; taken: T[] } {
  checkCursor(cursor);
  if (size <= SMALL) return { next: '0', taken: [...elements()] };
  const from = Number(cursor);
  const taken: T[] = [];
  let place = 0;
  for (const element of elements()) {
    if (place >= from + count) return { next: String(place), taken };
    if (place >= from) taken.push(element);
    place += 1;
  }
  return { next: '0', taken };
}

/** Redis' `hash-max-listpack-entries` and its like. */
const SMALL = 128;
