import { RespError, syntaxError } from '../errors.ts';
import { parseInteger } from '../numbers.ts';
import type { StreamValue } from '../values/stream.ts';
import { parseId } from '../values/stream-id.ts';

/** Drops what is too much from the beginning of a stream; returns how many. */
export type Trim = (stream: StreamValue) => number;

/**
 * Redis trims approximately (`~`) by whole nodes of up to a hundred entries (`stream-node-max-entries`), and examines a
 * hundred nodes at most unless LIMIT says otherwise. Here a node is a hundred entries.
 */
const NODE_ENTRIES = 100;

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
  let limit = approximate ? 100 * NODE_ENTRIES : Number.POSITIVE_INFINITY;
  if (words[at]?.toLowerCase() === 'limit' && words[at + 1] !== undefined) {
    if (!approximate) throw new RespError('ERR syntax error, LIMIT cannot be used without the special ~ option');
    limit = parseInteger(words[at + 1] as string) || Number.POSITIVE_INFINITY;
    if (limit < 0) throw new RespError('ERR The LIMIT argument must be >= 0.');
    at += 2;
  }
  const excess = excessOf(by, threshold);
  return {
    trim(stream) {
      const most = Math.min(excess(stream), limit);
      return stream.dropFirst(approximate ? Math.floor(most / NODE_ENTRIES) * NODE_ENTRIES : most);
    },
    end: at,
  };
}

function excessOf(by: 'maxlen' | 'minid', threshold: string): (stream: StreamValue) => number {
  if (by === 'minid') {
    const id = parseId(threshold);
    return (stream) => stream.rankOf(id);
  }
  const length = parseInteger(threshold);
  if (length < 0) throw new RespError('ERR The MAXLEN argument must be >= 0.');
  return ({ size }) => Math.max(0, size - length);
}
