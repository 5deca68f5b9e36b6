import { raise } from '../errors.ts';
import { fuel } from '../fuel.ts';
import type { LuaValue } from '../table.ts';

const MAX_CAPTURES = 32;
/** A capture that is still open, and one that is a position. */
const OPEN = -1;
const POSITION = -2;
const PERCENT = 37;

interface Capture {
  start: number;
  length: number;
}

/** Whether a character belongs to a class such as `%a`; upper case negates. */
function inClass(code: number, name: number): boolean {
  const isUpper = name >= 65 && name <= 90;
  let found: boolean;
  switch (String.fromCharCode(name | 32)) {
    case 'a':
      found = isLetter(code);
      break;
    case 'c':
      found = code < 32 || code === 127;
      break;
    case 'd':
      found = isDigit(code);
      break;
    case 'l':
      found = code >= 97 && code <= 122;
      break;
    case 'p':
      found = code > 32 && code < 127 && !isLetter(code) && !isDigit(code);
      break;
    case 's':
      found = code === 32 || (code >= 9 && code <= 13);
      break;
    case 'u':
      found = code >= 65 && code <= 90;
      break;
    case 'w':
      found = isLetter(code) || isDigit(code);
      break;
    case 'x':
      found = isDigit(code) || ((code | 32) >= 97 && (code | 32) <= 102);
      break;
    case 'z':
      found = code === 0;
      break;
    default:
      return code === name;
  }
  return found !== isUpper;
}

const isLetter = (code: number): boolean => (code | 32) >= 97 && (code | 32) <= 122;
const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/** Matches a pattern of Lua against a text, from one place at a time. */
export class Matcher {
  readonly #text: string;
  readonly #pattern: string;
  captures: Capture[] = [];

  constructor(text: string, pattern: string) {
    this.#text = text;
    this.#pattern = pattern;
  }

  /** The place behind a match that begins at one; -1: there is none. */
  match(at: number, patternStart: number): number {
    this.captures = [];
    return this.#match(at, patternStart);
  }

  /** What was captured; the whole match where nothing is. */
  values(start: number, end: number): LuaValue[] {
    if (this.captures.length === 0) return [this.#text.slice(start, end)];
    return this.captures.map((_, place) => this.#value(place));
  }

  value(place: number, start: number, end: number): LuaValue {
    if (place >= this.captures.length)
      return place === 0 ? this.#text.slice(start, end) : raise('invalid capture index');
    return this.#value(place);
  }

  #value(place: number): LuaValue {
    const { start, length } = this.captures[place] as Capture;
    if (length === OPEN) raise('unfinished capture');
    return length === POSITION ? start + 1 : this.#text.slice(start, start + length);
  }

  #match(start: number, patternStart: number): number {
    const pattern = this.#pattern;
    let at = start;
    let place = patternStart;
    for (;;) {
      fuel.left -= 1;
      if (fuel.left < 0) fuel.out();
      if (place >= pattern.length) return at;
      const character = pattern[place];
      if (character === '(') {
        const isPosition = pattern[place + 1] === ')';
        return this.#open(at, place + (isPosition ? 2 : 1), isPosition ? POSITION : OPEN);
      }
      if (character === ')') return this.#closeCapture(at, place + 1);
      if (character === '$' && place + 1 === pattern.length) return at === this.#text.length ? at : -1;
      if (character === '%') {
        const next = pattern[place + 1];
        if (next === 'b') {
          at = this.#balance(at, place + 2);
          if (at === -1) return -1;
          place += 4;
          continue;
        }
        if (next === 'f') {
          place += 2;
          if (pattern[place] !== '[') raise("missing '[' after '%f' in pattern");
          const end = this.#classEnd(place);
          const before = at === 0 ? 0 : this.#text.charCodeAt(at - 1);
          const after = at < this.#text.length ? this.#text.charCodeAt(at) : 0;
          if (this.#inSet(before, place, end - 1) || !this.#inSet(after, place, end - 1)) return -1;
          place = end;
          continue;
        }
        if (next !== undefined && next >= '0' && next <= '9') {
          const capture = this.#known(next.charCodeAt(0) - 49);
          const text = this.#text.slice(capture.start, capture.start + capture.length);
          if (!this.#text.startsWith(text, at)) return -1;
          at += text.length;
          place += 2;
          continue;
        }
      }
      const end = this.#classEnd(place);
      const repetition = pattern[end];
      const fits = at < this.#text.length && this.#single(at, place, end);
      if (repetition === '?') {
        if (fits) {
          const result = this.#match(at + 1, end + 1);
          if (result !== -1) return result;
        }
        place = end + 1;
      } else if (repetition === '*') return this.#longest(at, place, end);
      else if (repetition === '+') return fits ? this.#longest(at + 1, place, end) : -1;
      else if (repetition === '-') return this.#shortest(at, place, end);
      else if (!fits) return -1;
      else {
        at += 1;
        place = end;
      }
    }
  }

  #longest(start: number, place: number, end: number): number {
    let at = start;
    while (at < this.#text.length && this.#single(at, place, end)) at += 1;
    for (; at >= start; at -= 1) {
      const result = this.#match(at, end + 1);
      if (result !== -1) return result;
    }
    return -1;
  }

  #shortest(start: number, place: number, end: number): number {
    for (let at = start; ; at += 1) {
      const result = this.#match(at, end + 1);
      if (result !== -1) return result;
      if (at >= this.#text.length || !this.#single(at, place, end)) return -1;
    }
  }

  #open(at: number, place: number, length: number): number {
    if (this.captures.length >= MAX_CAPTURES) raise('too many captures');
    this.captures.push({ start: at, length });
    const result = this.#match(at, place);
    if (result === -1) this.captures.pop();
    return result;
  }

  #closeCapture(at: number, place: number): number {
    const capture = this.captures.findLast(({ length }) => length === OPEN);
    if (!capture) return raise('invalid pattern capture');
    capture.length = at - capture.start;
    const result = this.#match(at, place);
    if (result === -1) capture.length = OPEN;
    return result;
  }

  #known(place: number): Capture {
    const capture = this.captures[place];
    return capture && capture.length !== OPEN ? capture : raise('invalid capture index');
  }

  #balance(at: number, place: number): number {
    const [open, close] = [this.#pattern[place], this.#pattern[place + 1]];
    if (open === undefined || close === undefined) return raise('unbalanced pattern');
    if (this.#text[at] !== open) return -1;
    let depth = 1;
    for (let i = at + 1; i < this.#text.length; i += 1) {
      const character = this.#text[i];
      if (character === close) {
        depth -= 1;
        if (depth === 0) return i + 1;
      } else if (character === open) depth += 1;
    }
    return -1;
  }

  /** The place behind a single character, class or set. */
  #classEnd(start: number): number {
    const pattern = this.#pattern;
    if (pattern[start] === '%') {
      if (start + 1 >= pattern.length) raise("malformed pattern (ends with '%')");
      return start + 2;
    }
    if (pattern[start] !== '[') return start + 1;
    let place = start + 1;
    if (pattern[place] === '^') place += 1;
    do {
      if (place >= pattern.length) raise("malformed pattern (missing ']')");
      place += pattern[place] === '%' ? 2 : 1;
    } while (pattern[place] !== ']');
    return place + 1;
  }

  #single(at: number, place: number, end: number): boolean {
    const code = this.#text.charCodeAt(at);
    const pattern = this.#pattern.charCodeAt(place);
    if (pattern === 46) return true;
    if (pattern === PERCENT) return inClass(code, this.#pattern.charCodeAt(place + 1));
    if (pattern === 91) return this.#inSet(code, place, end - 1);
    return pattern === code;
  }

  /** `close` is the place of the bracket that ends the set. */
  #inSet(code: number, open: number, close: number): boolean {
    const pattern = this.#pattern;
    let place = open + 1;
    let found = true;
    if (pattern[place] === '^') {
      found = false;
      place += 1;
    }
    for (; place < close; place += 1) {
      const from = pattern.charCodeAt(place);
      if (from === PERCENT) {
        place += 1;
        if (inClass(code, pattern.charCodeAt(place))) return found;
      } else if (pattern[place + 1] === '-' && place + 2 < close) {
        if (from <= code && code <= pattern.charCodeAt(place + 2)) return found;
        place += 2;
      } else if (from === code) return found;
    }
    return !found;
  }
}
