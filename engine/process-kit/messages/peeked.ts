import type { PeekedMessage, PeekedPage, PeekedPayload } from '../../model/peek.ts';
import { SHOWN_PAYLOAD_BYTES } from '../../model/shown-payload.ts';

/** Of what is longer only so much is read for what it says of itself. */
const READ_BYTES = 65_536;
/** What a message of ours says of itself stands before its contents. Within a string the quotes would be escaped. */
const CONTENTS = ',"contents":"';
/** So much of a header is shown. */
const HEADER_LENGTH = 1024;

/** Text is what is UTF-8 without control characters, but for those between its lines. */
export function payloadOf(all: Buffer): PeekedPayload {
  const isTruncated = all.length > SHOWN_PAYLOAD_BYTES;
  const shown = all.subarray(0, SHOWN_PAYLOAD_BYTES);
  const size = { bytes: all.length, isTruncated };
  try {
    // A character that is cut through at the end is left out.
    const content = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(shown, { stream: isTruncated });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
    if (!/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(content)) return { format: 'text', content, ...size };
  } catch {
    // It is no text.
  }
  return { format: 'hex', content: shown.toString('hex'), ...size };
}

/** What a message of Archipel says of itself. */
interface Own {
  id: string;
  key: string | null;
  sentAtMs: number | null;
  traceId: string | null;
}

export function ownOf(payload: Buffer): Own {
  const none: Own = { id: '', key: null, sentAtMs: null, traceId: null };
  const fields = payload.length > READ_BYTES ? beforeContents(payload) : parsed(payload.toString());
  const { id, key, sentAtMs, traceparent } = fields ?? {};
  if (typeof id !== 'string' || typeof sentAtMs !== 'number') return none;
  return { id, key: typeof key === 'string' && key !== '' ? key : null, sentAtMs, traceId: traceIdOf(traceparent) };
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    return JSON.parse(text) as Record<string, unknown> | null;
  } catch {
    return null;
  }
}

function beforeContents(payload: Buffer): Record<string, unknown> | null {
  const head = payload.toString('utf8', 0, READ_BYTES);
  // A parameter may have that name, too; what is before it is no whole object.
  for (let at = head.indexOf(CONTENTS); at >= 0; at = head.indexOf(CONTENTS, at + 1)) {
    const fields = parsed(`${head.slice(0, at)}}`);
    if (fields) return fields;
  }
  return null;
}

/** Of a `traceparent` of W3C Trace Context; null where it is none. */
export function traceIdOf(traceparent: unknown): string | null {
  if (typeof traceparent !== 'string') return null;
  return /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/.exec(traceparent)?.[1] ?? null;
}

export const headerText = (text: string): string =>
  text.length > HEADER_LENGTH ? `${text.slice(0, HEADER_LENGTH)}…` : text;

/** What no broker says of a message unless it does. */
export const unsaid: Omit<PeekedMessage, 'id' | 'place' | 'payload'> = {
  ...{ key: null, state: null, attempts: null, priority: null, publishedAtMs: null, dueAtMs: null },
  ...{ partition: null, offset: null, contentType: null, traceId: null, headers: {}, deadLetter: null },
};

/** Nothing can be shown of it. */
export const nothingSeen = (unseen: string): PeekedPage => ({ messages: [], next: null, states: [], unseen });

/** Parts of a destination, one behind the other: from where in each of them a page takes how many. */
export function sliced(
  sizes: readonly number[],
  from: number,
  limit: number,
): { part: number; skip: number; count: number }[] {
  const slices: { part: number; skip: number; count: number }[] = [];
  let before = 0;
  let left = limit;
  for (const [part, size] of sizes.entries()) {
    const skip = Math.max(0, from - before);
    const count = Math.min(left, size - skip);
    if (count > 0) {
      slices.push({ part, skip, count });
      left -= count;
    }
    before += size;
  }
  return slices;
}
