import {
  type Command,
  type CommandContext,
  command,
  ONE_KEY,
  READ,
  READ_FAST,
  SHRINK_FAST,
  WRITE_FAST,
} from '../command.ts';
import { encodingOf } from '../encoding.ts';
import { RespError, syntaxError, wrongArity } from '../errors.ts';
import { addDecimals, addInt64, parseInt64, parseInteger } from '../numbers.ts';
import { OK, type Reply } from '../reply.ts';
import { HashValue } from '../values/hash.ts';
import { parseScanOptions, scanStep } from './scan-options.ts';

const read = (key: string, { database }: CommandContext): HashValue | undefined => database.readAs(key, HashValue);

/** Sets the pairs that follow the key; returns how many fields are new. */
function setPairs(args: readonly string[], { server, database }: CommandContext): number {
  if (args.length % 2 === 1) throw wrongArity((args[0] as string).toLowerCase());
  const entry = database.ensure(args[1] as string, HashValue);
  let added = 0;
  for (let i = 2; i < args.length; i += 2) if (entry.value.set(args[i] as string, args[i + 1] as string)) added += 1;
  database.changed(entry);
  server.notifier.notify('h', 'hset', args[1] as string, database.index);
  return added;
}

function change(
  [, key = '', field = '']: readonly string[],
  { server, database }: CommandContext,
  event: string,
  next: (old: string | undefined) => string,
): string {
  const known = database.editAs(key, HashValue);
  const value = next(known?.value.get(field));
  const entry = known ?? database.ensure(key, HashValue);
  entry.value.set(field, value);
  database.changed(entry);
  server.notifier.notify('h', event, key, database.index);
  return value;
}

function integerIn(text: string): number | bigint {
  try {
    return parseInt64(text);
  } catch {
    throw new RespError('ERR hash value is not an integer');
  }
}

function addToFloat(old: string, by: string): string {
  try {
    addDecimals(old, '0');
  } catch {
    throw new RespError('ERR hash value is not a float');
  }
  return addDecimals(old, by);
}

const flat = (hash: HashValue | undefined): string[] => hash?.flat() ?? [];

const randomField: Command['run'] = ([, key = '', countText, option, ...more], context) => {
  if (more.length > 0 || (option !== undefined && option.toLowerCase() !== 'withvalues')) throw syntaxError();
  const count = countText === undefined ? null : parseInteger(countText);
  const hash = read(key, context);
  const { random } = context.server.keyspace;
  if (!hash) return count === null ? null : [];
  const fields = [...hash.entries()];
  const draw = (): [string, string] => fields[Math.floor(random() * fields.length)] as [string, string];
  if (count === null) return draw()[0];
  let drawn: [string, string][];
  if (count < 0) drawn = Array.from({ length: -count }, draw);
  else {
    for (let i = 0; i < Math.min(count, fields.length - 1); i += 1) {
      const j = i + Math.floor(random() * (fields.length - i));
      [fields[i], fields[j]] = [fields[j] as [string, string], fields[i] as [string, string]];
    }
    drawn = fields.slice(0, count);
  }
  if (option === undefined) return drawn.map(([field]) => field);
  return context.session.protocol === 3 ? drawn : drawn.flat();
};

export const hashCommands: readonly Command[] = [
  command('hset', -4, WRITE_FAST, ONE_KEY, setPairs),
  command('hmset', -4, WRITE_FAST, ONE_KEY, (args, context) => {
    setPairs(args, context);
    return OK;
  }),
  command('hsetnx', 4, WRITE_FAST, ONE_KEY, (args, context) => {
    const [, key = '', field = ''] = args;
    if (context.database.editAs(key, HashValue)?.value.get(field) !== undefined) return 0;
    setPairs(args, context);
    return 1;
  }),
  command('hget', 3, READ_FAST, ONE_KEY, ([, key = '', field = ''], context) => read(key, context)?.get(field) ?? null),
  command('hmget', -3, READ_FAST, ONE_KEY, ([, key = '', ...fields], context) => {
    const hash = read(key, context);
    return fields.map((field) => hash?.get(field) ?? null);
  }),
  command('hgetall', 2, READ, ONE_KEY, ([, key = ''], context) => {
    const hash = read(key, context);
    if (context.session.protocol === 2) return flat(hash);
    return new Map<string, Reply>(hash?.entries() ?? []);
  }),
  command('hkeys', 2, READ, ONE_KEY, ([, key = ''], context) =>
    [...(read(key, context)?.entries() ?? [])].map(([field]) => field),
  ),
  command('hvals', 2, READ, ONE_KEY, ([, key = ''], context) =>
    [...(read(key, context)?.entries() ?? [])].map(([, text]) => text),
  ),
  command('hlen', 2, READ_FAST, ONE_KEY, ([, key = ''], context) => read(key, context)?.size ?? 0),
  command(
    'hstrlen',
    3,
    READ_FAST,
    ONE_KEY,
    ([, key = '', field = ''], context) => read(key, context)?.get(field)?.length ?? 0,
  ),
  command('hexists', 3, READ_FAST, ONE_KEY, ([, key = '', field = ''], context) =>
    read(key, context)?.get(field) === undefined ? 0 : 1,
  ),
  command('hdel', -3, SHRINK_FAST, ONE_KEY, ([, key = '', ...fields], { server, database }) => {
    const entry = database.editAs(key, HashValue);
    if (!entry) return 0;
    const removed = fields.filter((field) => entry.value.delete(field)).length;
    if (removed === 0) return 0;
    server.notifier.notify('h', 'hdel', key, database.index);
    database.changed(entry);
    return removed;
  }),
  command('hincrby', 4, WRITE_FAST, ONE_KEY, (args, context) => {
    const by = parseInt64(args[3] as string);
    let sum: number | bigint = 0;
    change(args, context, 'hincrby', (old = '0') => {
      sum = addInt64(integerIn(old), by);
      return String(sum);
    });
    return sum;
  }),
  command('hincrbyfloat', 4, WRITE_FAST, ONE_KEY, (args, context) => {
    const sum = change(args, context, 'hincrbyfloat', (old = '0') => addToFloat(old, args[3] as string));
    context.logged = [['HSET', args[1] as string, args[2] as string, sum]];
    return sum;
  }),
  command('hrandfield', -2, READ, ONE_KEY, randomField),
  command('hscan', -3, READ, ONE_KEY, ([, key = '', cursor = '', ...words], context) => {
    const { matches, count } = parseScanOptions(words);
    const hash = read(key, context);
    const { next, taken } = scanStep({
      size: hash?.size ?? 0,
      isCompact: () => !hash || encodingOf(hash) === 'listpack',
      elements: () => hash?.entries() ?? [],
      nameOf: ([field]) => field,
      cursor,
      count,
    });
    return [next, taken.filter(([field]) => matches(field)).flat()];
  }),
];
