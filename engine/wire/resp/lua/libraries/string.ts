import { raise } from '../errors.ts';
import { checkLength } from '../operators.ts';
import { type LuaFunction, LuaTable, type LuaValue } from '../table.ts';
import { callValue, first, numberText, typeName } from '../values.ts';
import { badArgument, integerArgument, numberArgument, stringArgument } from './arguments.ts';
import { format } from './format.ts';
import { Matcher } from './pattern.ts';

/** A place as Lua counts it: from 1, or, if negative, from the end. */
const absolute = (place: number, length: number): number => (place >= 0 ? place : Math.max(0, length + place + 1));

const SPECIAL = /[\^$*+?.()[\]%-]/;

function find(name: 'find' | 'match', args: LuaValue[]): LuaValue | LuaValue[] {
  const text = stringArgument(name, args, 1);
  const pattern = stringArgument(name, args, 2);
  const start = Math.max(0, absolute(integerArgument(name, args, 3, 1), text.length) - 1);
  if (start > text.length) return undefined;
  const isPlain = args[3] !== undefined && args[3] !== false;
  if (name === 'find' && (isPlain || !SPECIAL.test(pattern))) {
    const found = text.indexOf(pattern, start);
    return found === -1 ? undefined : [found + 1, found + pattern.length];
  }
  const matcher = new Matcher(text, pattern);
  const isAnchored = pattern.startsWith('^');
  for (let at = start; at <= text.length; at += 1) {
    const end = matcher.match(at, isAnchored ? 1 : 0);
    if (end !== -1) {
      if (name === 'match') return matcher.values(at, end);
      return [at + 1, end, ...(matcher.captures.length > 0 ? matcher.values(at, end) : [])];
    }
    if (isAnchored) break;
  }
  return undefined;
}

const matchAll: LuaFunction = (...args) => {
  const text = stringArgument('gmatch', args, 1);
  const pattern = stringArgument('gmatch', args, 2);
  const matcher = new Matcher(text, pattern);
  let at = 0;
  return () => {
    for (; at <= text.length; at += 1) {
      const end = matcher.match(at, 0);
      if (end === -1) continue;
      const start = at;
      at = end === start ? end + 1 : end;
      return matcher.values(start, end);
    }
    return undefined;
  };
};

/** What stands in the place of a match: a text with `%1`, an entry of a table, or the result of a function. */
function replacement(by: LuaValue, matcher: Matcher, start: number, end: number, whole: string): string {
  if (typeof by === 'string' || typeof by === 'number') {
    const template = typeof by === 'number' ? numberText(by) : by;
    return template.replace(/%(.?)/gs, (_, character: string) => {
      if (character === '0') return whole;
      if (character >= '1' && character <= '9') {
        const value = matcher.value(Number(character) - 1, start, end);
        return typeof value === 'number' ? numberText(value) : (value as string);
      }
      return character;
    });
  }
  const value =
    by instanceof LuaTable ? by.get(matcher.value(0, start, end)) : first(callValue(by, matcher.values(start, end)));
  if (value === undefined || value === false) return whole;
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? numberText(value) : raise(`invalid replacement value (a ${typeName(value)})`);
}

const substitute: LuaFunction = (...args) => {
  const text = stringArgument('gsub', args, 1);
  const pattern = stringArgument('gsub', args, 2);
  const by = args[2];
  if (!['string', 'number', 'table', 'function'].includes(typeName(by)))
    badArgument('gsub', 3, 'string/function/table expected');
  const most = args[3] === undefined ? text.length + 1 : integerArgument('gsub', args, 4);
  const isAnchored = pattern.startsWith('^');
  const matcher = new Matcher(text, pattern);
  let [at, count] = [0, 0];
  let result = '';
  while (count < most) {
    const end = matcher.match(at, isAnchored ? 1 : 0);
    if (end !== -1) {
      count += 1;
      result += replacement(by, matcher, at, end, text.slice(at, end));
      checkLength(result.length);
    }
    if (end !== -1 && end > at) at = end;
    else if (at < text.length) {
      result += text[at];
      at += 1;
    } else break;
    if (isAnchored) break;
  }
  return [result + text.slice(at), count];
};

export const string: Record<string, LuaFunction> = {
  byte: (...args) => {
    const text = stringArgument('byte', args, 1);
    const from = absolute(integerArgument('byte', args, 2, 1), text.length);
    const to = Math.min(absolute(integerArgument('byte', args, 3, from), text.length), text.length);
    const bytes: number[] = [];
    for (let place = Math.max(1, from); place <= to; place += 1) bytes.push(text.charCodeAt(place - 1));
    if (bytes.length > 8000) raise('string slice too long');
    return bytes;
  },
  char: (...args) =>
    args
      .map((_, i) => {
        const code = integerArgument('char', args, i + 1);
        return code >= 0 && code <= 255 ? String.fromCharCode(code) : badArgument('char', i + 1, 'invalid value');
      })
      .join(''),
  find: (...args) => find('find', args),
  format,
  gmatch: matchAll,
  gsub: substitute,
  len: (...args) => stringArgument('len', args, 1).length,
  lower: (...args) => stringArgument('lower', args, 1).replace(/[A-Z]+/g, (letters) => letters.toLowerCase()),
  match: (...args) => find('match', args),
  rep: (...args) => {
    const text = stringArgument('rep', args, 1);
    const times = Math.max(0, integerArgument('rep', args, 2));
    checkLength(text.length * times);
    return text === '' ? '' : text.repeat(times);
  },
  reverse: (...args) => [...stringArgument('reverse', args, 1)].reverse().join(''),
  sub: (...args) => {
    const text = stringArgument('sub', args, 1);
    const from = Math.max(1, absolute(numberArgument('sub', args, 2), text.length));
    const to = absolute(integerArgument('sub', args, 3, -1), text.length);
    return text.slice(Math.trunc(from) - 1, Math.max(0, to));
  },
  upper: (...args) => stringArgument('upper', args, 1).replace(/[a-z]+/g, (letters) => letters.toUpperCase()),
};
