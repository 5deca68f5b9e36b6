import {
  ALL_KEYS,
  type Command,
  type CommandContext,
  command,
  ONE_KEY,
  READ,
  READ_FAST,
  SHRINK_FAST,
  TWO_KEYS,
  WRITE,
  WRITE_FAST,
} from '../command.ts';
import { encodingOf } from '../encoding.ts';
import { RespError, syntaxError } from '../errors.ts';
import { parseInteger } from '../numbers.ts';
import { Members } from '../reply.ts';
import { SetValue } from '../values/set.ts';
import { parseScanOptions, scanStep } from './scan-options.ts';

const read = (key: string, { database }: CommandContext): SetValue | undefined => database.readAs(key, SetValue);

/** As long as all are whole numbers and there are few, Redis holds them in their order. */
const INTSET_ENTRIES = 512;

function membersOf(set: SetValue | undefined): string[] {
  const members = [...(set?.values() ?? [])];
  return members.length <= INTSET_ENTRIES && members.every((text) => /^(?:0|-?[1-9]\d{0,14})$/.test(text))
    ? members.sort((a, b) => Number(a) - Number(b))
    : members;
}

type Operation = (keys: readonly string[], context: CommandContext) => string[];

const union: Operation = (keys, context) => {
  const all = new Set<string>();
  for (const key of keys) for (const member of membersOf(read(key, context))) all.add(member);
  return [...all];
};

const intersection: Operation = (keys, context) => {
  const sets = keys.map((key) => read(key, context)).sort((a, b) => (a?.size ?? 0) - (b?.size ?? 0));
  return membersOf(sets[0]).filter((member) => sets.every((set) => set?.has(member)));
};

const difference: Operation = (keys, context) => {
  const [first, ...others] = keys.map((key) => read(key, context));
  return membersOf(first).filter((member) => !others.some((set) => set?.has(member)));
};

const combine =
  (operation: Operation): Command['run'] =>
  ([, ...keys], context) =>
    new Members(operation(keys, context));

const store =
  (operation: Operation, event: string): Command['run'] =>
  ([, target = '', ...keys], context) => {
    const { server, database } = context;
    const members = operation(keys, context);
    const old = database.use(target);
    if (members.length === 0) {
      if (old) {
        database.remove(old);
        server.notifier.notify('g', 'del', target, database.index);
      }
      return 0;
    }
    const set = new SetValue();
    for (const member of members) set.add(member);
    database.set(target, set, Number.POSITIVE_INFINITY);
    server.notifier.notify('s', event, target, database.index);
    return members.length;
  };

function remove(key: string, members: readonly string[], { server, database }: CommandContext, event = 'srem'): number {
  const entry = database.editAs(key, SetValue);
  const removed = entry ? members.filter((member) => entry.value.delete(member)).length : 0;
  if (!entry || removed === 0) return 0;
  server.notifier.notify('s', event, key, database.index);
  database.changed(entry);
  return removed;
}

function add(key: string, members: readonly string[], { server, database }: CommandContext): number {
  const entry = database.ensure(key, SetValue);
  const before = entry.value.size;
  for (const member of members) entry.value.add(member);
  const added = entry.value.size - before;
  if (added > 0) {
    database.changed(entry);
    server.notifier.notify('s', 'sadd', key, database.index);
  }
  return added;
}

/** Different ones if `count` is positive; with repetitions, and exactly so many, if it is negative. */
function draw(set: SetValue, count: number, random: () => number): string[] {
  if (count < 0) return Array.from({ length: -count }, () => set.sample(random) as string);
  if (count >= set.size) return membersOf(set);
  if (count * 3 > set.size) {
    const members = membersOf(set);
    for (let i = 0; i < count; i += 1) {
      const j = i + Math.floor(random() * (members.length - i));
      [members[i], members[j]] = [members[j] as string, members[i] as string];
    }
    return members.slice(0, count);
  }
  const drawn = new Set<string>();
  while (drawn.size < count) drawn.add(set.sample(random) as string);
  return [...drawn];
}

const pop: Command['run'] = ([, key = '', countText, ...more], context) => {
  if (more.length > 0) throw syntaxError();
  if (countText !== undefined && !/^\d+$/.test(countText))
    throw new RespError('ERR value is out of range, must be positive');
  const set = context.database.editAs(key, SetValue)?.value;
  if (!set) return countText === undefined ? null : new Members([]);
  const taken = draw(set, countText === undefined ? 1 : parseInteger(countText), context.server.keyspace.random);
  remove(key, taken, context, 'spop');
  context.logged = [['SREM', key, ...taken]];
  return countText === undefined ? (taken[0] ?? null) : new Members(taken);
};

export const setCommands: readonly Command[] = [
  command('sadd', -3, WRITE_FAST, ONE_KEY, ([, key = '', ...members], context) => add(key, members, context)),
  command('srem', -3, SHRINK_FAST, ONE_KEY, ([, key = '', ...members], context) => remove(key, members, context)),
  command('scard', 2, READ_FAST, ONE_KEY, ([, key = ''], context) => read(key, context)?.size ?? 0),
  command('smembers', 2, READ, ONE_KEY, ([, key = ''], context) => new Members(membersOf(read(key, context)))),
  command('sismember', 3, READ_FAST, ONE_KEY, ([, key = '', member = ''], context) =>
    read(key, context)?.has(member) ? 1 : 0,
  ),
  command('smismember', -3, READ_FAST, ONE_KEY, ([, key = '', ...members], context) => {
    const set = read(key, context);
    return members.map((member) => (set?.has(member) ? 1 : 0));
  }),
  command('spop', -2, SHRINK_FAST, ONE_KEY, pop),
  command('srandmember', -2, READ, ONE_KEY, ([, key = '', countText, ...more], context) => {
    if (more.length > 0) throw syntaxError();
    const count = countText === undefined ? null : parseInteger(countText);
    const set = read(key, context);
    const { random } = context.server.keyspace;
    if (count === null) return set?.sample(random) ?? null;
    return set ? draw(set, count, random) : [];
  }),
  command('smove', 4, SHRINK_FAST, TWO_KEYS, ([, from = '', to = '', member = ''], context) => {
    const source = context.database.editAs(from, SetValue);
    context.database.editAs(to, SetValue);
    if (!source?.value.has(member)) return 0;
    if (from === to) return 1;
    remove(from, [member], context);
    add(to, [member], context);
    return 1;
  }),
  command('sunion', -2, READ, ALL_KEYS, combine(union)),
  command('sinter', -2, READ, ALL_KEYS, combine(intersection)),
  command('sdiff', -2, READ, ALL_KEYS, combine(difference)),
  command('sunionstore', -3, WRITE, ALL_KEYS, store(union, 'sunionstore')),
  command('sinterstore', -3, WRITE, ALL_KEYS, store(intersection, 'sinterstore')),
  command('sdiffstore', -3, WRITE, ALL_KEYS, store(difference, 'sdiffstore')),
  command('sintercard', -3, ['readonly', 'movablekeys'], [0, 0, 0], ([, ...words], context) => {
    const count = /^\d{1,9}$/.test(words[0] ?? '') ? Number(words[0]) : 0;
    if (count < 1) throw new RespError('ERR numkeys should be greater than 0');
    if (words.length < count + 1) throw new RespError("ERR Number of keys can't be greater than number of args");
    const [keys, options] = [words.slice(1, count + 1), words.slice(count + 1)];
    if (options.length !== 0 && (options.length !== 2 || options[0]?.toLowerCase() !== 'limit')) throw syntaxError();
    const limit = options.length === 0 ? 0 : parseInteger(options[1] as string);
    if (limit < 0) throw new RespError("ERR LIMIT can't be negative");
    const { length } = intersection(keys, context);
    return limit === 0 ? length : Math.min(length, limit);
  }),
  command('sscan', -3, READ, ONE_KEY, ([, key = '', cursor = '', ...words], context) => {
    const { matches, count } = parseScanOptions(words);
    const set = read(key, context);
    const { next, taken } = scanStep({
      size: set?.size ?? 0,
      isCompact: () => !set || encodingOf(set) === 'intset',
      elements: () => (set && set.size <= INTSET_ENTRIES ? membersOf(set) : (set?.values() ?? [])),
      nameOf: (member) => member,
      cursor,
      count,
    });
    return [next, taken.filter(matches)];
  }),
];
