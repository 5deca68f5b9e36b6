import { RespError } from '../errors.ts';

/** Milliseconds and a number within them. In Redis both have 64 bits; here 53, and the greatest is infinite. */
export interface StreamId {
  readonly ms: number;
  readonly seq: number;
}

export const MIN_ID: StreamId = { ms: 0, seq: 0 };
export const MAX_ID: StreamId = { ms: Number.POSITIVE_INFINITY, seq: Number.POSITIVE_INFINITY };

const MAX_UINT64 = '18446744073709551615';

export const compareIds = (a: StreamId, b: StreamId): number =>
  a.ms === b.ms ? (a.seq === b.seq ? 0 : a.seq < b.seq ? -1 : 1) : a.ms < b.ms ? -1 : 1;

const written = (part: number): string => (part === Number.POSITIVE_INFINITY ? MAX_UINT64 : String(part));

export const formatId = ({ ms, seq }: StreamId): string => `${written(ms)}-${written(seq)}`;

export const invalidId = (): RespError => new RespError('ERR Invalid stream ID specified as stream command argument');

function parsePart(text: string): number {
  if (text === MAX_UINT64) return Number.POSITIVE_INFINITY;
  if (!/^\d{1,20}$/.test(text) || !Number.isSafeInteger(Number(text))) throw invalidId();
  return Number(text);
}

/** `missingSeq` stands for the second part where only the first is given. */
export function parseId(text: string, missingSeq = 0): StreamId {
  const dash = text.indexOf('-');
  if (dash === -1) return { ms: parsePart(text), seq: missingSeq };
  return { ms: parsePart(text.slice(0, dash)), seq: parsePart(text.slice(dash + 1)) };
}

/** The one after it. */
export const nextId = ({ ms, seq }: StreamId): StreamId =>
  seq === Number.POSITIVE_INFINITY || seq === Number.MAX_SAFE_INTEGER ? { ms: ms + 1, seq: 0 } : { ms, seq: seq + 1 };

/** The one before it. */
export const previousId = ({ ms, seq }: StreamId): StreamId =>
  seq === 0 ? { ms: ms - 1, seq: Number.POSITIVE_INFINITY } : { ms, seq: seq - 1 };
