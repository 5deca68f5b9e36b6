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
import { encodingOf } from '../encoding.ts';
import { RespError, syntaxError } from '../errors.ts';
import { formatDouble, parseDouble, parseInteger, plainInteger } from '../numbers.ts';
import { Double, NULL_ARRAY, type Reply } from '../reply.ts';
import { type Scored, SortedSetValue } from '../values/sorted-set.ts';
import { numberedKeys, popCount } from './lists.ts';
import { parseScanOptions, scanStep } from './scan-options.ts';
import {
  type By,
  itemsOf,
  type Places,
  parseLexRange,
  parseRange,
  parseRankRange,
  parseScoreRange,
} from './score-ranges.ts';

const read = (key: string, { database }: CommandContext): SortedSetValue | undefined =>
  database.readAs(key, SortedSetValue);

/** Members with their scores: in RESP3 each pair is an array. */
export const withScores = (items: readonly Scored[], { session }: CommandContext): Reply =>
  session.protocol === 3
    ? items.map(({ member, score }) => [member, new Double(score)])
    : items.flatMap(({ member, score }) => [member, formatDouble(score)]);

interface AddOptions {
  only: 'nx' | 'xx' | null;
  than: 'gt' | 'lt' | null;
  changed: boolean;
  increment: boolean;
}

function parseAddOptions(words: readonly string[]): { options: AddOptions; rest: readonly string[] } {
  const options: AddOptions = { only: null, than: null, changed: false, increment: false };
  const given = new Set<string>();
  let at = 0;
  for (; at < words.length; at += 1) {
    const word = (words[at] as string).toLowerCase();
    if (!['nx', 'xx', 'gt', 'lt', 'ch', 'incr'].includes(word)) break;
    given.add(word);
  }
  const rest = words.slice(at);
  if (rest.length === 0 || rest.length % 2 === 1) throw syntaxError();
  if (given.has('nx') && given.has('xx'))
    throw new RespError('ERR XX and NX options at the same time are not compatible');
  if ((given.has('gt') && given.has('lt')) || (given.has('nx') && (given.has('gt') || given.has('lt'))))
    throw new RespError('ERR GT, LT, and/or NX options at the same time are not compatible');
  if (given.has('incr') && rest.length > 2)
    throw new RespError('ERR INCR option supports a single increment-element pair');
  options.only = given.has('nx') ? 'nx' : given.has('xx') ? 'xx' : null;
  options.than = given.has('gt') ? 'gt' : given.has('lt') ? 'lt' : null;
  options.changed = given.has('ch');
  options.increment = given.has('incr');
  return { options, rest };
}

const plain: AddOptions = { only: null, than: null, changed: false, increment: false };

const add: Command['run'] = (args, context) => {
  // One member without options: what most calls are.
  const score = args.length === 4 ? plainInteger(args[2] as string) : null;
  if (score !== null) return addAll(args[1] as string, [score], args, 3, plain, context);
  const { options, rest } = parseAddOptions(args.slice(2));
  const scores: number[] = [];
  for (let i = 0; i < rest.length; i += 2) scores.push(parseDouble(rest[i] as string));
  return addAll(args[1] as string, scores, rest, 1, options, context);
};

/** Members stand in every second place of `words`, from `first` on. */
function addAll(
  key: string,
  scores: readonly number[],
  words: readonly string[],
  first: number,
  options: AddOptions,
  { server, database }: CommandContext,
): Reply {
  const known = database.editAs(key, SortedSetValue);
  if (!known && options.only === 'xx') return options.increment ? null : 0;
  const entry = known ?? database.ensure(key, SortedSetValue);
  const set = entry.value;
  let [added, updated] = [0, 0];
  let result: number | null = null;
  for (let i = 0; i < scores.length; i += 1) {
    const member = words[2 * i + first] as string;
    const old = set.score(member);
    const score = options.increment ? sum(old ?? 0, scores[i] as number) : (scores[i] as number);
    if (old === undefined ? options.only === 'xx' : options.only === 'nx') continue;
    if (old !== undefined && ((options.than === 'gt' && score <= old) || (options.than === 'lt' && score >= old)))
      continue;
    result = score;
    if (old === undefined) added += 1;
    else if (old !== score) updated += 1;
    else continue;
    set.set(member, score);
  }
  if (added + updated > 0) {
    server.notifier.notify('z', options.increment ? 'zincr' : 'zadd', key, database.index);
    database.changed(entry);
  }
  if (options.increment) return result === null ? null : new Double(result);
  return options.changed ? added + updated : added;
}

function sum(a: number, b: number): number {
  const total = a + b;
  if (Number.isNaN(total)) throw new RespError('ERR resulting score is not a number (NaN)');
  return total;
}

function remove(key: string, members: readonly string[], { server, database }: CommandContext, event: string): number {
  const entry = database.editAs(key, SortedSetValue);
  const removed = entry ? members.filter((member) => entry.value.delete(member)).length : 0;
  if (!entry || removed === 0) return 0;
  server.notifier.notify('z', event, key, database.index);
  database.changed(entry);
  return removed;
}

const rank =
  (reverse: boolean): Command['run'] =>
  ([, key = '', member = ''], context) => {
    const set = read(key, context);
    const place = set?.rank(member);
    if (!set || place === undefined) return null;
    return reverse ? set.size - 1 - place : place;
  };

const range =
  (given: { by?: By; reverse?: boolean } | null): Command['run'] =>
  ([, key = '', ...words], context) => {
    const query = parseRange(words, given);
    const set = read(key, context);
    const items = set ? itemsOf(set, query) : [];
    return query.withScores ? withScores(items, context) : items.map(({ member }) => member);
  };

const rangeStore: Command['run'] = ([, target = '', source = '', ...words], context) => {
  const query = parseRange(words, null, true);
  const set = read(source, context);
  return replace(target, set ? itemsOf(set, query) : [], context, 'zrangestore');
};

/** Puts a sorted set of these members in the place of whatever was there; none: removes it. */
export function replace(
  target: string,
  items: Iterable<Scored>,
  { server, database }: CommandContext,
  event: string,
): number {
  const set = new SortedSetValue();
  for (const { member, score } of items) set.set(member, score);
  const old = database.use(target);
  if (set.size > 0) {
    database.set(target, set, Number.POSITIVE_INFINITY);
    server.notifier.notify('z', event, target, database.index);
  } else if (old) {
    database.remove(old);
    server.notifier.notify('g', 'del', target, database.index);
  }
  return set.size;
}

type Parse = (min: string, max: string) => (set: SortedSetValue, reverse: boolean) => Places;

const count =
  (parse: Parse): Command['run'] =>
  ([, key = '', min = '', max = ''], context) => {
    const places = parse(min, max);
    const set = read(key, context);
    if (!set) return 0;
    const [from, to] = places(set, false);
    return Math.max(0, to - from);
  };

const removeRange =
  (parse: Parse, event: string): Command['run'] =>
  ([, key = '', min = '', max = ''], context) => {
    const places = parse(min, max);
    const set = context.database.editAs(key, SortedSetValue)?.value;
    if (!set) return 0;
    const [from, to] = places(set, false);
    const members = set.inOrder.slice(from, to - from).map(({ member }) => member);
    return remove(key, members, context, event);
  };

/** Up to so many from one end, which go. */
export function takeScored(key: string, end: 'min' | 'max', most: number, context: CommandContext): Scored[] {
  const set = context.database.editAs(key, SortedSetValue)?.value;
  if (!set) return [];
  const wanted = Math.min(most, set.size);
  const items = end === 'min' ? set.inOrder.slice(0, wanted) : set.inOrder.slice(set.size - wanted, wanted).reverse();
  remove(
    key,
    items.map(({ member }) => member),
    context,
    `zpop${end}`,
  );
  context.logged = [['ZREM', key, ...items.map(({ member }) => member)]];
  return items;
}

const pop =
  (end: 'min' | 'max'): Command['run'] =>
  ([, key = '', countText, ...more], context) => {
    if (more.length > 0) throw syntaxError();
    const most = countText === undefined ? 1 : /^\d+$/.test(countText) ? parseInteger(countText) : -1;
    if (most < 0) throw new RespError('ERR value is out of range, must be positive');
    const items = takeScored(key, end, most, context);
    if (countText !== undefined || context.session.protocol === 2) return withScores(items, context);
    const [item] = items;
    return item ? [item.member, new Double(item.score)] : [];
  };

export function parseMinMax(text: string): 'min' | 'max' {
  const end = text.toLowerCase();
  if (end !== 'min' && end !== 'max') throw syntaxError();
  return end;
}

export function takeFromFirstScored(
  keys: readonly string[],
  end: 'min' | 'max',
  most: number,
  context: CommandContext,
): Reply | undefined {
  for (const key of keys) {
    const items = takeScored(key, end, most, context);
    if (items.length > 0) return [key, items.map(({ member, score }) => [member, new Double(score)])];
  }
  return undefined;
}

const randomMember: Command['run'] = ([, key = '', countText, option, ...more], context) => {
  if (more.length > 0 || (option !== undefined && option.toLowerCase() !== 'withscores')) throw syntaxError();
  const wanted = countText === undefined ? null : parseInteger(countText);
  const set = read(key, context);
  if (!set) return wanted === null ? null : [];
  const { random } = context.server.keyspace;
  const draw = (): Scored => set.inOrder.at(Math.floor(random() * set.size)) as Scored;
  if (wanted === null) return draw().member;
  const drawn = new Set<Scored>();
  const items = wanted < 0 ? Array.from({ length: -wanted }, draw) : null;
  while (!items && drawn.size < Math.min(wanted, set.size)) drawn.add(draw());
  const all = items ?? [...drawn];
  return option ? withScores(all, context) : all.map(({ member }) => member);
};

export const sortedSetCommands: readonly Command[] = [
  command('zadd', -4, WRITE_FAST, ONE_KEY, add),
  command('zincrby', 4, WRITE_FAST, ONE_KEY, ([, key = '', by = '', member = ''], context) =>
    add(['zadd', key, 'INCR', by, member], context),
  ),
  command('zrem', -3, SHRINK_FAST, ONE_KEY, ([, key = '', ...members], context) =>
    remove(key, members, context, 'zrem'),
  ),
  command('zcard', 2, READ_FAST, ONE_KEY, ([, key = ''], context) => read(key, context)?.size ?? 0),
  command('zscore', 3, READ_FAST, ONE_KEY, ([, key = '', member = ''], context) => {
    const score = read(key, context)?.score(member);
    return score === undefined ? null : new Double(score);
  }),
  command('zmscore', -3, READ_FAST, ONE_KEY, ([, key = '', ...members], context) => {
    const set = read(key, context);
    return members.map((member) => {
      const score = set?.score(member);
      return score === undefined ? null : new Double(score);
    });
  }),
  command('zrank', 3, READ_FAST, ONE_KEY, rank(false)),
  command('zrevrank', 3, READ_FAST, ONE_KEY, rank(true)),
  command('zrange', -4, READ, ONE_KEY, range(null)),
  command('zrevrange', -4, READ, ONE_KEY, range({ reverse: true })),
  command('zrangebyscore', -4, READ, ONE_KEY, range({ by: 'score' })),
  command('zrevrangebyscore', -4, READ, ONE_KEY, range({ by: 'score', reverse: true })),
  command('zrangebylex', -4, READ, ONE_KEY, range({ by: 'lex' })),
  command('zrevrangebylex', -4, READ, ONE_KEY, range({ by: 'lex', reverse: true })),
  command('zrangestore', -5, WRITE, TWO_KEYS, rangeStore),
  command('zcount', 4, READ_FAST, ONE_KEY, count(parseScoreRange)),
  command('zlexcount', 4, READ_FAST, ONE_KEY, count(parseLexRange)),
  command('zremrangebyrank', 4, SHRINK, ONE_KEY, removeRange(parseRankRange, 'zremrangebyrank')),
  command('zremrangebyscore', 4, SHRINK, ONE_KEY, removeRange(parseScoreRange, 'zremrangebyscore')),
  command('zremrangebylex', 4, SHRINK, ONE_KEY, removeRange(parseLexRange, 'zremrangebylex')),
  command('zpopmin', -2, SHRINK_FAST, ONE_KEY, pop('min')),
  command('zpopmax', -2, SHRINK_FAST, ONE_KEY, pop('max')),
  command('zmpop', -4, ['write', 'movablekeys'], [0, 0, 0], ([, ...words], context) => {
    const { keys, rest } = numberedKeys(words);
    const end = parseMinMax(rest[0] as string);
    return takeFromFirstScored(keys, end, popCount(rest.slice(1)), context) ?? NULL_ARRAY;
  }),
  command('zrandmember', -2, READ, ONE_KEY, randomMember),
  command('zscan', -3, READ, ONE_KEY, ([, key = '', cursor = '', ...words], context) => {
    const { matches, count: wanted } = parseScanOptions(words);
    const set = read(key, context);
    const { next, taken } = scanStep({
      size: set?.size ?? 0,
      isCompact: () => !set || encodingOf(set) === 'listpack',
      elements: () => set?.toArray() ?? [],
      nameOf: ({ member }) => member,
      cursor,
      count: wanted,
    });
    return [
      next,
      taken.filter(({ member }) => matches(member)).flatMap(({ member, score }) => [member, formatDouble(score)]),
    ];
  }),
];
