import { ALL_KEYS, type Command, type CommandContext, ONE_KEY } from '../command.ts';
import { stringOf } from '../database.ts';
import { invalidExpire, RespError, wrongArity } from '../errors.ts';
import { addDecimals, addInt64, parseInt64, parseInteger } from '../numbers.ts';
import { OK, type Reply } from '../reply.ts';
import { parseSetOptions } from './set-options.ts';

const write = ['write', 'denyoom'] as const;

/** Tells those who listen, and the log what it takes to have the same again. */
function tellSet(key: string, value: string, expiresAtMs: number | null, context: CommandContext): void {
  const { server, database } = context;
  if (server.log)
    context.logged = [['SET', key, value, ...(expiresAtMs === null ? [] : ['PXAT', String(expiresAtMs)])]];
  server.notifier.notify('$', 'set', key, database.index);
  if (expiresAtMs !== null) server.notifier.notify('g', 'expire', key, database.index);
}

/** Sets with the expiry in `units` of milliseconds. */
const setWithTtl =
  (unitMs: number): Command['run'] =>
  ([name = '', key = '', ttl = '', value = ''], context) => {
    const ttlMs = parseInteger(ttl) * unitMs;
    if (ttlMs <= 0 || !Number.isSafeInteger(ttlMs)) throw invalidExpire(name.toLowerCase());
    const atMs = context.server.keyspace.now() + ttlMs;
    context.database.set(key, value, atMs);
    tellSet(key, value, atMs, context);
    return OK;
  };

/** Changes a value from what it was, or from `empty`, and keeps its expiry. */
function update(
  key: string,
  { server, database }: CommandContext,
  event: string,
  empty: string,
  change: (old: string) => string,
): string {
  const entry = database.use(key);
  const changed = change(stringOf(entry) ?? empty);
  if (entry) database.change(entry, changed);
  else database.set(key, changed);
  server.notifier.notify('$', event, key, database.index);
  return changed;
}

function increment(key: string, by: number | bigint, context: CommandContext): number | bigint {
  let sum: number | bigint = 0;
  update(key, context, 'incrby', '0', (old) => {
    sum = addInt64(parseInt64(old), by);
    return String(sum);
  });
  return sum;
}

function checkLength(bytes: number, { server }: CommandContext): void {
  if (bytes > server.maxStringBytes)
    throw new RespError('ERR string exceeds maximum allowed size (proto-max-bulk-len)');
}

function setSeveral(args: readonly string[], { server, database }: CommandContext): void {
  for (let i = 1; i < args.length; i += 2) {
    database.set(args[i] as string, args[i + 1] as string);
    server.notifier.notify('$', 'set', args[i] as string, database.index);
  }
}

const plainString = (key: string, { database }: CommandContext): string | null => {
  const entry = database.read(key);
  return typeof entry?.value === 'string' ? entry.value : null;
};

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
    run(args, context): Reply {
      const { server, database } = context;
      const key = args[1] as string;
      const value = args[2] as string;
      if (args.length === 3) {
        database.set(key, value);
        server.notifier.notify('$', 'set', key, database.index);
        return OK;
      }
      const options = parseSetOptions('set', args.slice(3), server.keyspace.now());
      const before = options.get ? database.read(key) : database.peek(key);
      const old = options.get ? stringOf(before) : OK;
      if (options.only && (options.only === 'nx') === (before !== undefined)) return options.get ? old : null;
      const kept = options.keepTtl ? before?.expiresAtMs : undefined;
      database.set(key, value, kept ?? options.expiresAtMs ?? undefined);
      tellSet(key, value, options.expiresAtMs, context);
      if (options.keepTtl) context.logged = [['SET', key, value, 'KEEPTTL']];
      return old;
    },
  },
  {
    name: 'setnx',
    arity: 3,
    flags: [...write, 'fast'],
    keys: ONE_KEY,
    run([, key = '', value = ''], context) {
      if (context.database.peek(key)) return 0;
      context.database.set(key, value);
      tellSet(key, value, null, context);
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
    run([, key = '', value = ''], context) {
      const old = stringOf(context.database.read(key));
      context.database.set(key, value);
      tellSet(key, value, null, context);
      return old;
    },
  },
  {
    name: 'getdel',
    arity: 2,
    flags: ['write', 'fast'],
    keys: ONE_KEY,
    run([, key = ''], { server, database }) {
      const entry = database.read(key);
      const old = stringOf(entry);
      if (!entry) return null;
      database.remove(entry);
      server.notifier.notify('g', 'del', key, database.index);
      return old;
    },
  },
  {
    name: 'getex',
    arity: -2,
    flags: ['write', 'fast'],
    keys: ONE_KEY,
    run([, key = '', ...words], context) {
      const { server, database } = context;
      const { expiresAtMs, persist } = parseSetOptions('getex', words, server.keyspace.now());
      const entry = database.read(key);
      const value = stringOf(entry);
      if (!entry) return null;
      if (persist) {
        if (entry.expiresAtMs === Number.POSITIVE_INFINITY) return value;
        database.expireAt(entry, Number.POSITIVE_INFINITY);
        context.logged = [['PERSIST', key]];
        server.notifier.notify('g', 'persist', key, database.index);
      } else if (expiresAtMs !== null) {
        database.expireAt(entry, expiresAtMs);
        context.logged = [['PEXPIREAT', key, String(expiresAtMs)]];
        server.notifier.notify('g', 'expire', key, database.index);
      }
      return value;
    },
  },
  {
    name: 'mget',
    arity: -2,
    flags: ['readonly', 'fast'],
    keys: ALL_KEYS,
    run: ([, ...keys], context) => keys.map((key) => plainString(key, context)),
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
      update(key, context, 'append', '', (old) => {
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
        'setrange',
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
    run([, key = '', by = ''], context) {
      const sum = update(key, context, 'incrbyfloat', '0', (old) => addDecimals(old, by));
      context.logged = [['SET', key, sum, 'KEEPTTL']];
      return sum;
    },
  },
];
