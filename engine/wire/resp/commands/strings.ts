import { ALL_KEYS, type Command, type CommandContext, ONE_KEY } from '../command.ts';
import type { Entry } from '../entry.ts';
import { invalidExpire, RespError, wrongArity } from '../errors.ts';
import { addDecimals, addInt64, parseInt64, parseInteger } from '../numbers.ts';
import { OK, type Reply } from '../reply.ts';
import { parseSetOptions } from './set-options.ts';

const stringOf = (entry: Entry | undefined): string | null => (entry ? entry.value : null);

const write = ['write', 'denyoom'] as const;

/** Sets with the expiry in `units` of milliseconds. */
const setWithTtl =
  (unitMs: number): Command['run'] =>
  ([name = '', key = '', ttl = '', value = ''], { server, database }) => {
    const ttlMs = parseInteger(ttl) * unitMs;
    if (ttlMs <= 0 || !Number.isSafeInteger(ttlMs)) throw invalidExpire(name.toLowerCase());
    database.set(key, value, server.keyspace.now() + ttlMs);
    return OK;
  };

/** Changes a value from what it was, or from `empty`, and keeps its expiry. */
function update(key: string, { database }: CommandContext, empty: string, change: (old: string) => string): string {
  const entry = database.use(key);
  const changed = change(entry ? entry.value : empty);
  if (entry) database.change(entry, changed);
  else database.set(key, changed);
  return changed;
}

function increment(key: string, by: number | bigint, context: CommandContext): number | bigint {
  let sum: number | bigint = 0;
  update(key, context, '0', (old) => {
    sum = addInt64(parseInt64(old), by);
    return String(sum);
  });
  return sum;
}

function checkLength(bytes: number, { server }: CommandContext): void {
  if (bytes > server.maxStringBytes)
    throw new RespError('ERR string exceeds maximum allowed size (proto-max-bulk-len)');
}

function setSeveral(args: readonly string[], { database }: CommandContext): void {
  for (let i = 1; i < args.length; i += 2) database.set(args[i] as string, args[i + 1] as string);
}

const checkPairs = (args: readonly string[]): void => {
  if (args.length % 2 === 0) throw wrongArity((args[0] as string).toLowerCase());
};

function range(text: string, from: number, to: number): string {
  if (from < 0 && to < 0 && from > to) return '';
  const start = Math.max(0, from < 0 ? text.length + from : from);
  const end = Math.max(0, to < 0 ? text.length + to : to);
  return text.slice(start, end + 1);
}

const getRange: Command['run'] = ([, key = '', from = '', to = ''], { database }) => {
  const [start, end] = [parseInteger(from), parseInteger(to)];
  return range(stringOf(database.read(key)) ?? '', start, end);
};

export const stringCommands: readonly Command[] = [
  {
    name: 'get',
    arity: 2,
    flags: ['readonly', 'fast'],
    keys: ONE_KEY,
    run: ([, key = ''], { database }) => stringOf(database.read(key)),
  },
  {
    name: 'set',
    arity: -3,
    flags: write,
    keys: ONE_KEY,
    run([, key = '', value = '', ...words], { server, database }): Reply {
      const options = parseSetOptions('set', words, server.keyspace.now());
      const before = options.get ? database.read(key) : database.peek(key);
      const old = options.get ? stringOf(before) : OK;
      if (options.only && (options.only === 'nx') === (before !== undefined)) return options.get ? old : null;
      database.set(key, value, options.keepTtl ? before?.expiresAtMs : (options.expiresAtMs ?? undefined));
      return old;
    },
  },
  {
    name: 'setnx',
    arity: 3,
    flags: [...write, 'fast'],
    keys: ONE_KEY,
    run([, key = '', value = ''], { database }) {
      if (database.peek(key)) return 0;
      database.set(key, value);
      return 1;
    },
  },
  { name: 'setex', arity: 4, flags: write, keys: ONE_KEY, run: setWithTtl(1000) },
  { name: 'psetex', arity: 4, flags: write, keys: ONE_KEY, run: setWithTtl(1) },
  {
    name: 'getset',
    arity: 3,
    flags: [...write, 'fast'],
    keys: ONE_KEY,
    run([, key = '', value = ''], { database }) {
      const old = stringOf(database.read(key));
      database.set(key, value);
      return old;
    },
  },
  {
    name: 'getdel',
    arity: 2,
    flags: ['write', 'fast'],
    keys: ONE_KEY,
    run([, key = ''], { database }) {
      const entry = database.read(key);
      if (entry) database.remove(entry);
      return stringOf(entry);
    },
  },
  {
    name: 'getex',
    arity: -2,
    flags: ['write', 'fast'],
    keys: ONE_KEY,
    run([, key = '', ...words], { server, database }) {
      const { expiresAtMs, persist } = parseSetOptions('getex', words, server.keyspace.now());
      const entry = database.read(key);
      if (!entry) return null;
      if (persist) database.expireAt(entry, Number.POSITIVE_INFINITY);
      else if (expiresAtMs !== null) database.expireAt(entry, expiresAtMs);
      return stringOf(entry);
    },
  },
  {
    name: 'mget',
    arity: -2,
    flags: ['readonly', 'fast'],
    keys: ALL_KEYS,
    run: ([, ...keys], { database }) => keys.map((key) => stringOf(database.read(key))),
  },
  {
    name: 'mset',
    arity: -3,
    flags: write,
    keys: [1, -1, 2],
    run(args, context) {
      checkPairs(args);
      setSeveral(args, context);
      return OK;
    },
  },
  {
    name: 'msetnx',
    arity: -3,
    flags: write,
    keys: [1, -1, 2],
    run(args, context) {
      checkPairs(args);
      if (args.some((key, i) => i % 2 === 1 && context.database.peek(key))) return 0;
      setSeveral(args, context);
      return 1;
    },
  },
  {
    name: 'append',
    arity: 3,
    flags: [...write, 'fast'],
    keys: ONE_KEY,
    run: ([, key = '', text = ''], context) =>
      update(key, context, '', (old) => {
        checkLength(old.length + text.length, context);
        return old + text;
      }).length,
  },
  {
    name: 'strlen',
    arity: 2,
    flags: ['readonly', 'fast'],
    keys: ONE_KEY,
    run: ([, key = ''], { database }) => (stringOf(database.read(key)) ?? '').length,
  },
  { name: 'getrange', arity: 4, flags: ['readonly'], keys: ONE_KEY, run: getRange },
  { name: 'substr', arity: 4, flags: ['readonly'], keys: ONE_KEY, run: getRange },
  {
    name: 'setrange',
    arity: 4,
    flags: write,
    keys: ONE_KEY,
    run([, key = '', at = '', text = ''], context) {
      const offset = parseInteger(at);
      if (offset < 0) throw new RespError('ERR offset is out of range');
      const old = stringOf(context.database.peek(key)) ?? '';
      if (text === '') return old.length;
      checkLength(offset + text.length, context);
      return update(
        key,
        context,
        '',
        () => old.slice(0, offset).padEnd(offset, '\0') + text + old.slice(offset + text.length),
      ).length;
    },
  },
  {
    name: 'incr',
    arity: 2,
    flags: [...write, 'fast'],
    keys: ONE_KEY,
    run: ([, key = ''], context) => increment(key, 1, context),
  },
  {
    name: 'decr',
    arity: 2,
    flags: [...write, 'fast'],
    keys: ONE_KEY,
    run: ([, key = ''], context) => increment(key, -1, context),
  },
  {
    name: 'incrby',
    arity: 3,
    flags: [...write, 'fast'],
    keys: ONE_KEY,
    run: ([, key = '', by = ''], context) => increment(key, parseInt64(by), context),
  },
  {
    name: 'decrby',
    arity: 3,
    flags: [...write, 'fast'],
    keys: ONE_KEY,
    run([, key = '', by = ''], context) {
      // The smallest number has no opposite.
      if (by === '-9223372036854775808') throw new RespError('ERR decrement would overflow');
      return increment(key, -parseInt64(by), context);
    },
  },
  {
    name: 'incrbyfloat',
    arity: 3,
    flags: [...write, 'fast'],
    keys: ONE_KEY,
    run: ([, key = '', by = ''], context) => update(key, context, '0', (old) => addDecimals(old, by)),
  },
];
