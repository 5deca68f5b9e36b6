import { RespError, syntaxError } from '../errors.ts';
import { parseInteger } from '../numbers.ts';
import type { StreamValue } from '../values/stream.ts';
import { compareIds, parseId } from '../values/stream-id.ts';
import { NODE_ENTRIES } from '../values/stream-nodes.ts';

/** Drops what is too much from the beginning of a stream; returns how many. */
export type Trim = (stream: StreamValue) => number;

/** How many entries approximate trimming drops at most, unless LIMIT says otherwise. */
const APPROXIMATE_LIMIT = 100 * NODE_ENTRIES;

/** MAXLEN or MINID with what follows it, from the place of its word on. */
export function parseTrim(words: readonly string[], start: number): { trim: Trim; end: number } {
  const by = (words[start] as string).toLowerCase();
  if (by !== 'maxlen' && by !== 'minid') throw syntaxError();
  let at = start + 1;
  const approximate = words[at] === '~';
  if (approximate || words[at] === '=') at += 1;
  const threshold = words[at];
  if (threshold === undefined) throw syntaxError();
  at += 1;
  let limit = approximate ? APPROXIMATE_LIMIT : Number.POSITIVE_INFINITY;
  if (words[at]?.toLowerCase() === 'limit' && words[at + 1] !== undefined) {
    if (!approximate) throw new RespError('ERR syntax error, LIMIT cannot be used without the special ~ option');
    limit = parseInteger(words[at + 1] as string) || Number.POSITIVE_INFINITY;
    if (limit < 0) throw new RespError('ERR The LIMIT argument must be >= 0.');
    at += 2;
  }
  const excess = by === 'minid' ? beforeId(threshold) : beyondLength(threshold);
  return {
    trim: (stream) => stream.dropFirst(approximate ? excess.whole(stream, limit) : excess.exact(stream)),
    end: at,
  };
}

/** How many entries are too many: exactly, or only those of whole nodes and no more than a limit, as with `~`. */
interface Excess {
  exact(stream: StreamValue): number;
  whole(stream: StreamValue, limit: number): number;
}

function beforeId(threshold: string): Excess {
  const id = parseId(threshold);
  return {
    exact: (stream) => stream.rankOf(id),
    whole: ({ nodes }, limit) => nodes.wholeUpTo(limit, (_, last) => compareIds(last, id) < 0),
  };
}

function beyondLength(threshold: string): Excess {
  const length = parseInteger(threshold);
  if (length < 0) throw new RespError('ERR The MAXLEN argument must be >= 0.');
  return {
    exact: ({ size }) => Math.max(0, size - length),
    whole: ({ nodes, size }, limit) => nodes.wholeUpTo(limit, (upToHere) => size - upToHere >= length),
  };
}
