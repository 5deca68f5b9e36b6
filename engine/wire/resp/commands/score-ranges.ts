import { RespError, syntaxError } from '../errors.ts';
import { parseDouble, parseInteger } from '../numbers.ts';
import type { Scored, SortedSetValue } from '../values/sorted-set.ts';

export type By = 'rank' | 'score' | 'lex';

/** From the place of one item to the place of another, which is excluded. */
export type Places = [from: number, to: number];

function scoreBound(text: string): { score: number; exclusive: boolean } {
  const exclusive = text.startsWith('(');
  try {
    return { score: parseDouble(exclusive ? text.slice(1) : text), exclusive };
  } catch {
    throw new RespError('ERR min or max is not a float');
  }
}

export function parseScoreRange(min: string, max: string): (set: SortedSetValue) => Places {
  const [low, high] = [scoreBound(min), scoreBound(max)];
  return ({ inOrder }) => [
    inOrder.countWhile(({ score }) => score < low.score || (low.exclusive && score === low.score)),
    inOrder.countWhile(({ score }) => score < high.score || (!high.exclusive && score === high.score)),
  ];
}

/** Whether a member lies before the bound. `side`: whether the bound itself belongs to what comes after it. */
function lexBound(text: string, side: 'min' | 'max'): (item: Scored) => boolean {
  const rest = text.slice(1);
  if (text === '-') return () => false;
  if (text === '+') return () => true;
  if (text.startsWith('[')) return side === 'min' ? ({ member }) => member < rest : ({ member }) => member <= rest;
  if (text.startsWith('(')) return side === 'min' ? ({ member }) => member <= rest : ({ member }) => member < rest;
  throw new RespError('ERR min or max not valid string range item');
}

/** Only where all members have the same score. */
export function parseLexRange(min: string, max: string): (set: SortedSetValue) => Places {
  const [low, high] = [lexBound(min, 'min'), lexBound(max, 'max')];
  return ({ inOrder }) => [inOrder.countWhile(low), inOrder.countWhile(high)];
}

export function parseRankRange(first: string, last: string): (set: SortedSetValue, reverse: boolean) => Places {
  const [start, stop] = [parseInteger(first), parseInteger(last)];
  return ({ size }, reverse) => {
    const from = Math.max(0, start < 0 ? size + start : start);
    const to = Math.min(size, (stop < 0 ? size + stop : stop) + 1);
    if (from >= to) return [0, 0];
    return reverse ? [size - to, size - from] : [from, to];
  };
}

export interface RangeQuery {
  by: By;
  reverse: boolean;
  withScores: boolean;
  offset: number;
  /** Negative: all. */
  count: number;
  places(set: SortedSetValue): Places;
}

/** What stands behind ZRANGE and its older forms: `given` is what the name of the command says already. */
export function parseRange(
  [first = '', last = '', ...words]: readonly string[],
  given: { by?: By; reverse?: boolean } | null,
  store = false,
): RangeQuery {
  const query = {
    by: given?.by ?? ('rank' as By),
    reverse: given?.reverse ?? false,
    withScores: false,
    offset: 0,
    count: -1,
  };
  let limited = false;
  for (let i = 0; i < words.length; i += 1) {
    const word = (words[i] as string).toLowerCase();
    if (word === 'withscores' && !store) query.withScores = true;
    else if (word === 'limit' && i + 2 < words.length) {
      query.offset = parseInteger(words[i + 1] as string);
      query.count = parseInteger(words[i + 2] as string);
      limited = true;
      i += 2;
    } else if (given === null && word === 'rev') query.reverse = true;
    else if (given === null && (word === 'byscore' || word === 'bylex'))
      query.by = word === 'byscore' ? 'score' : 'lex';
    else throw syntaxError();
  }
  if (limited && query.by === 'rank')
    throw new RespError('ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX');
  if (query.withScores && query.by === 'lex')
    throw new RespError('ERR syntax error, WITHSCORES not supported in combination with BYLEX');
  const [min, max] = query.reverse && query.by !== 'rank' ? [last, first] : [first, last];
  const rank = query.by === 'rank' ? parseRankRange(first, last) : null;
  const byValue =
    query.by === 'score' ? parseScoreRange(min, max) : query.by === 'lex' ? parseLexRange(min, max) : null;
  return { ...query, places: (set) => rank?.(set, query.reverse) ?? (byValue?.(set) as Places) };
}

/** The items of a range, in its direction. */
export function itemsOf(set: SortedSetValue, { places, reverse, offset, count }: RangeQuery): Scored[] {
  const [from, to] = places(set);
  const length = Math.max(0, to - from - Math.max(0, offset));
  const wanted = offset < 0 ? 0 : count < 0 ? length : Math.min(length, count);
  if (!reverse) return set.inOrder.slice(from + offset, wanted);
  return set.inOrder.slice(to - offset - wanted, wanted).reverse();
}
