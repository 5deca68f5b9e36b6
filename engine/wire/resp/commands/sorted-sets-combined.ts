import { type Command, type CommandContext, command } from '../command.ts';
import { RespError, syntaxError, wrongType } from '../errors.ts';
import { parseDouble, parseInteger } from '../numbers.ts';
import { SetValue } from '../values/set.ts';
import type { Scored } from '../values/sorted-set.ts';
import { SortedSetValue } from '../values/sorted-set.ts';
import { replace, withScores } from './sorted-sets.ts';

const FLAGS = ['readonly', 'movablekeys'] as const;
const NOWHERE = [0, 0, 0] as const;

type Scores = Map<string, number>;
type Aggregate = (a: number, b: number) => number;
type Combine = (sets: Scores[], aggregate: Aggregate) => Scores;

/** Infinity − Infinity is nothing. */
const add: Aggregate = (a, b) => {
  const sum = a + b;
  return Number.isNaN(sum) ? 0 : sum;
};
const aggregates: Record<string, Aggregate> = { sum: add, min: Math.min, max: Math.max };

/** Members of a set count as if their score were 1. */
function scoresOf(key: string, weight: number, { database }: CommandContext): Scores {
  const value = database.read(key)?.value;
  if (value === undefined) return new Map();
  const weighted = (score: number): number => {
    const product = score * weight;
    return Number.isNaN(product) ? 0 : product;
  };
  if (value instanceof SortedSetValue)
    return new Map(value.toArray().map(({ member, score }) => [member, weighted(score)]));
  if (value instanceof SetValue) return new Map([...value.values()].map((member) => [member, weighted(1)]));
  throw wrongType();
}

const union: Combine = (sets, aggregate) => {
  const all: Scores = new Map();
  for (const set of sets)
    for (const [member, score] of set) {
      const old = all.get(member);
      all.set(member, old === undefined ? score : aggregate(old, score));
    }
  return all;
};

const intersection: Combine = ([first, ...others], aggregate) => {
  const common: Scores = new Map();
  for (const [member, score] of first ?? [])
    if (others.every((set) => set.has(member)))
      common.set(
        member,
        others.reduce((sum, set) => aggregate(sum, set.get(member) as number), score),
      );
  return common;
};

const difference: Combine = ([first, ...others]) =>
  new Map([...(first ?? [])].filter(([member]) => !others.some((set) => set.has(member))));

function combined(
  name: string,
  words: readonly string[],
  combine: Combine,
  context: CommandContext,
  store: boolean,
): { items: Scored[]; scores: boolean } {
  const keys = parseInteger(words[0] as string);
  if (keys < 1) throw new RespError(`ERR at least 1 input key is needed for '${name}' command`);
  if (keys > words.length - 1) throw syntaxError();
  let weights = Array.from({ length: keys }, () => 1);
  let aggregate = add;
  let scores = false;
  for (let i = keys + 1; i < words.length; i += 1) {
    const word = (words[i] as string).toLowerCase();
    if (word === 'weights' && combine !== difference && words.length > i + keys) {
      weights = words.slice(i + 1, i + 1 + keys).map(weightOf);
      i += keys;
    } else if (
      word === 'aggregate' &&
      combine !== difference &&
      Object.hasOwn(aggregates, (words[i + 1] ?? '').toLowerCase())
    ) {
      aggregate = aggregates[(words[i + 1] as string).toLowerCase()] as Aggregate;
      i += 1;
    } else if (word === 'withscores' && !store) scores = true;
    else throw syntaxError();
  }
  const sets = words.slice(1, keys + 1).map((key, i) => scoresOf(key, weights[i] as number, context));
  const sorted = new SortedSetValue();
  for (const [member, score] of combine(sets, aggregate)) sorted.set(member, score);
  return { items: sorted.toArray(), scores };
}

function weightOf(text: string): number {
  try {
    return parseDouble(text);
  } catch {
    throw new RespError('ERR weight value is not a float');
  }
}

const operations: Record<string, Combine> = { zunion: union, zinter: intersection, zdiff: difference };

const both = ([name, combine]: [string, Combine]): Command[] => [
  command(name, -3, FLAGS, NOWHERE, ([, ...words], context) => {
    const { items, scores } = combined(name, words, combine, context, false);
    return scores ? withScores(items, context) : items.map(({ member }) => member);
  }),
  command(`${name}store`, -4, ['write', 'denyoom', 'movablekeys'], [1, 1, 1], ([, target = '', ...words], context) =>
    replace(target, combined(`${name}store`, words, combine, context, true).items, context, `${name}store`),
  ),
];

export const combinedSortedSetCommands: readonly Command[] = [
  ...Object.entries(operations).flatMap(both),
  command('zintercard', -3, FLAGS, NOWHERE, ([, ...words], context) => {
    const keys = parseInteger(words[0] as string);
    if (keys < 1) throw new RespError("ERR at least 1 input key is needed for 'zintercard' command");
    const options = words.slice(keys + 1);
    if (keys > words.length - 1 || (options.length !== 0 && options.length !== 2)) throw syntaxError();
    if (options.length === 2 && options[0]?.toLowerCase() !== 'limit') throw syntaxError();
    const limit = options.length === 2 ? parseInteger(options[1] as string) : 0;
    if (limit < 0) throw new RespError("ERR LIMIT can't be negative");
    const { length } = combined('zintercard', words.slice(0, keys + 1), intersection, context, false).items;
    return limit === 0 ? length : Math.min(length, limit);
  }),
];
