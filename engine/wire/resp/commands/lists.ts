import {
  type Command,
  type CommandContext,
  command,
  ONE_KEY,
  READ,
  READ_FAST,
  SHRINK,
  SHRINK_FAST,
  TWO_KEYS,
  WRITE,
  WRITE_FAST,
} from '../command.ts';
import type { Entry } from '../entry.ts';
import { indexOutOfRange, noSuchKey, RespError, syntaxError, wrongArity } from '../errors.ts';
import { parseInteger } from '../numbers.ts';
import { NULL_ARRAY, OK, type Reply } from '../reply.ts';
import { ListValue } from '../values/list.ts';

export type End = 'left' | 'right';

const read = (key: string, { database }: CommandContext): ListValue | undefined => database.readAs(key, ListValue);

const push =
  (end: End, onlyExisting = false): Command['run'] =>
  ([, key = '', ...texts], { server, database }) => {
    if (onlyExisting && !database.editAs(key, ListValue)) return 0;
    const entry = database.ensure(key, ListValue);
    for (const text of texts) {
      if (end === 'left') entry.value.unshift(text);
      else entry.value.push(text);
    }
    database.changed(entry);
    server.notifier.notify('l', end === 'left' ? 'lpush' : 'rpush', key, database.index);
    return entry.value.size;
  };

/** Up to so many elements from one end; null when there is no list. */
export function take(key: string, end: End, count: number, context: CommandContext): string[] | null {
  const entry = context.database.editAs(key, ListValue);
  return entry ? takeFrom(entry, end, count, context) : null;
}

function takeFrom(entry: Entry<ListValue>, end: End, count: number, { server, database }: CommandContext): string[] {
  const taken: string[] = [];
  while (taken.length < count) {
    const text = end === 'left' ? entry.value.shift() : entry.value.pop();
    if (text === undefined) break;
    taken.push(text);
  }
  if (taken.length > 0) {
    server.notifier.notify('l', end === 'left' ? 'lpop' : 'rpop', entry.key, database.index);
    database.changed(entry);
  }
  return taken;
}

const pop =
  (end: End): Command['run'] =>
  (args, context) => {
    const [, key = '', countText, ...more] = args;
    if (more.length > 0) throw wrongArity((args[0] as string).toLowerCase());
    if (countText === undefined) return take(key, end, 1, context)?.[0] ?? null;
    if (!/^\d+$/.test(countText)) throw new RespError('ERR value is out of range, must be positive');
    return take(key, end, parseInteger(countText), context) ?? NULL_ARRAY;
  };

export const parseEnd = (text: string): End => {
  const end = text.toLowerCase();
  if (end !== 'left' && end !== 'right') throw syntaxError();
  return end;
};

/** Moves an element from the end of a list to an end of another; `undefined` when there is none. */
export function move(from: string, to: string, ends: [End, End], context: CommandContext): string | undefined {
  const { server, database } = context;
  const source = database.editAs(from, ListValue);
  if (!source) return undefined;
  const known = from === to ? undefined : database.editAs(to, ListValue);
  const text = takeFrom(source, ends[0], 1, context)[0] as string;
  const entry = known ?? database.ensure(to, ListValue);
  if (ends[1] === 'left') entry.value.unshift(text);
  else entry.value.push(text);
  database.changed(entry);
  server.notifier.notify('l', ends[1] === 'left' ? 'lpush' : 'rpush', to, database.index);
  return text;
}

/** First and last place of a range as Redis takes it, as places within the list; the second is excluded. */
function placesOf(size: number, first: number, last: number): [from: number, to: number] {
  const from = Math.max(0, first < 0 ? size + first : first);
  const to = Math.min(size, (last < 0 ? size + last : last) + 1);
  return from >= to ? [0, 0] : [from, to];
}

const position: Command['run'] = ([, key = '', text = '', ...words], context) => {
  let [rank, count, maxLength] = [1, null as number | null, 0];
  for (let i = 0; i < words.length; i += 2) {
    const value = words[i + 1];
    if (value === undefined) throw syntaxError();
    const word = (words[i] as string).toLowerCase();
    if (word === 'rank') {
      rank = parseInteger(value);
      if (rank === 0)
        throw new RespError(
          "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use negative to start from the end of the list",
        );
    } else if (word === 'count') {
      count = parseInteger(value);
      if (count < 0) throw new RespError("ERR COUNT can't be negative");
    } else if (word === 'maxlen') {
      maxLength = parseInteger(value);
      if (maxLength < 0) throw new RespError("ERR MAXLEN can't be negative");
    } else throw syntaxError();
  }
  const items = read(key, context)?.toArray() ?? [];
  const wanted = count === null ? 1 : count === 0 ? Number.POSITIVE_INFINITY : count;
  const looks = maxLength === 0 ? items.length : Math.min(items.length, maxLength);
  const found: number[] = [];
  let skip = Math.abs(rank) - 1;
  for (let i = 0; i < looks && found.length < wanted; i += 1) {
    const place = rank > 0 ? i : items.length - 1 - i;
    if (items[place] !== text) continue;
    if (skip > 0) skip -= 1;
    else found.push(place);
  }
  return count === null ? (found[0] ?? null) : found;
};

const insert: Command['run'] = ([, key = '', where = '', pivot = '', text = ''], { server, database }) => {
  const side = where.toLowerCase();
  if (side !== 'before' && side !== 'after') throw syntaxError();
  const entry = database.editAs(key, ListValue);
  if (!entry) return 0;
  const place = entry.value.indexOf(pivot);
  if (place === -1) return -1;
  entry.value.insert(side === 'before' ? place : place + 1, text);
  database.changed(entry);
  server.notifier.notify('l', 'linsert', key, database.index);
  return entry.value.size;
};

/** Keys after their number, as in LMPOP and ZMPOP; what follows them. */
export function numberedKeys(words: readonly string[]): { keys: string[]; rest: string[] } {
  const count = /^\d{1,9}$/.test(words[0] ?? '') ? Number(words[0]) : 0;
  if (count < 1) throw new RespError('ERR numkeys should be greater than 0');
  if (words.length < count + 2) throw syntaxError();
  return { keys: words.slice(1, count + 1), rest: words.slice(count + 1) };
}

/** COUNT of LMPOP and ZMPOP, after the first word of what follows the keys. */
export function popCount(words: readonly string[]): number {
  if (words.length === 0) return 1;
  if (words.length !== 2 || words[0]?.toLowerCase() !== 'count') throw syntaxError();
  if (!/^[1-9]\d{0,15}$/.test(words[1] as string)) throw new RespError('ERR count should be greater than 0');
  return Number(words[1]);
}

export function takeFromFirst(
  keys: readonly string[],
  end: End,
  count: number,
  context: CommandContext,
): Reply | undefined {
  for (const key of keys) {
    if (!context.database.editAs(key, ListValue)) continue;
    const taken = take(key, end, count, context) as string[];
    context.logged = [[end === 'left' ? 'LPOP' : 'RPOP', key, String(taken.length)]];
    return [key, taken];
  }
  return undefined;
}

export const listCommands: readonly Command[] = [
  command('lpush', -3, WRITE_FAST, ONE_KEY, push('left')),
  command('rpush', -3, WRITE_FAST, ONE_KEY, push('right')),
  command('lpushx', -3, WRITE_FAST, ONE_KEY, push('left', true)),
  command('rpushx', -3, WRITE_FAST, ONE_KEY, push('right', true)),
  command('lpop', -2, SHRINK_FAST, ONE_KEY, pop('left')),
  command('rpop', -2, SHRINK_FAST, ONE_KEY, pop('right')),
  command('llen', 2, READ_FAST, ONE_KEY, ([, key = ''], context) => read(key, context)?.size ?? 0),
  command('lindex', 3, READ, ONE_KEY, ([, key = '', index = ''], context) => {
    const list = read(key, context);
    return list?.at(parseInteger(index)) ?? null;
  }),
  command('lrange', 4, READ, ONE_KEY, ([, key = '', first = '', last = ''], context) => {
    const [from, to] = [parseInteger(first), parseInteger(last)];
    const list = read(key, context);
    return list ? list.slice(...placesOf(list.size, from, to)) : [];
  }),
  command('lset', 4, WRITE, ONE_KEY, ([, key = '', index = '', text = ''], { server, database }) => {
    const entry = database.editAs(key, ListValue);
    if (!entry) throw noSuchKey();
    if (!entry.value.set(parseInteger(index), text)) throw indexOutOfRange();
    database.changed(entry);
    server.notifier.notify('l', 'lset', key, database.index);
    return OK;
  }),
  command('linsert', 5, WRITE, ONE_KEY, insert),
  command('lrem', 4, SHRINK, ONE_KEY, ([, key = '', count = '', text = ''], { server, database }) => {
    const most = parseInteger(count);
    const entry = database.editAs(key, ListValue);
    const removed = entry?.value.remove(most, text) ?? 0;
    if (!entry || removed === 0) return 0;
    server.notifier.notify('l', 'lrem', key, database.index);
    database.changed(entry);
    return removed;
  }),
  command('ltrim', 4, SHRINK, ONE_KEY, ([, key = '', first = '', last = ''], { server, database }) => {
    const [from, to] = [parseInteger(first), parseInteger(last)];
    const entry = database.editAs(key, ListValue);
    if (!entry) return OK;
    entry.value.trim(...placesOf(entry.value.size, from, to));
    server.notifier.notify('l', 'ltrim', key, database.index);
    database.changed(entry);
    return OK;
  }),
  command('lpos', -3, READ, ONE_KEY, position),
  command(
    'rpoplpush',
    3,
    WRITE,
    TWO_KEYS,
    ([, from = '', to = ''], context) => move(from, to, ['right', 'left'], context) ?? null,
  ),
  command(
    'lmove',
    5,
    WRITE,
    TWO_KEYS,
    ([, from = '', to = '', fromEnd = '', toEnd = ''], context) =>
      move(from, to, [parseEnd(fromEnd), parseEnd(toEnd)], context) ?? null,
  ),
  command('lmpop', -4, ['write', 'movablekeys'], [0, 0, 0], ([, ...words], context) => {
    const { keys, rest } = numberedKeys(words);
    const end = parseEnd(rest[0] as string);
    return takeFromFirst(keys, end, popCount(rest.slice(1)), context) ?? NULL_ARRAY;
  }),
];
