/**
 * W3C Trace Context, level 2 (https://www.w3.org/TR/trace-context-2/): where in which trace a request stands.
 * Level 1 differs only in that it does not know the flag "random".
 */
export interface TraceContext {
  /** 32 lower-case hexadecimal digits, not all 0. */
  readonly traceId: string;
  /** Of the caller's span: 16 digits, not all 0. */
  readonly spanId: string;
  /** `SAMPLED` and `RANDOM`; no other flag is passed on. */
  readonly flags: number;
}

export const SAMPLED = 1;
/** The trace id is random, so that others may derive decisions from its digits. Ours are. */
export const RANDOM = 2;

const DASH = 45;
/** Version, trace id, span id, flags, and the dashes between them. */
const LENGTH = 55;

/**
 * Reads a `traceparent` header. Null when there is none, or none that follows the standard: then a new trace begins.
 * A version above 00 is read as far as 00 goes, as the standard asks.
 */
export function parseTraceparent(header: string | undefined): TraceContext | null {
  if (header === undefined || header.length < LENGTH) return null;
  const isVersion00 = header.charCodeAt(0) === 48 && header.charCodeAt(1) === 48;
  if (isVersion00 ? header.length > LENGTH : header.length > LENGTH && header.charCodeAt(LENGTH) !== DASH) return null;
  if (header.charCodeAt(2) !== DASH || header.charCodeAt(35) !== DASH || header.charCodeAt(52) !== DASH) return null;
  if (!isHex(header, 0, 2) || !isHex(header, 53, 55) || header.startsWith('ff')) return null;
  if (!isId(header, 3, 35) || !isId(header, 36, 52)) return null;
  const flags = Number.parseInt(header.slice(53, LENGTH), 16) & (SAMPLED | RANDOM);
  return { traceId: header.slice(3, 35), spanId: header.slice(36, 52), flags };
}

export const formatTraceparent = ({ traceId, spanId, flags }: TraceContext): string =>
  `00-${traceId}-${spanId}-0${flags}`;

export const randomTraceId = (): string => randomDigits(32);

export const randomSpanId = (): string => randomDigits(16);

/** Decides from the digits of the trace id, as OpenTelemetry's samplers do: with the same ratio, all our processes decide the same. */
export const isSampled = (traceId: string, ratio: number): boolean =>
  ratio >= 1 || (ratio > 0 && Number.parseInt(traceId.slice(24), 16) < ratio * 2 ** 32);

function isHex(text: string, from: number, to: number): boolean {
  for (let i = from; i < to; i += 1) {
    const code = text.charCodeAt(i);
    // 0 to 9, a to f: upper case is not allowed.
    if (!((code >= 48 && code <= 57) || (code >= 97 && code <= 102))) return false;
  }
  return true;
}

function isId(text: string, from: number, to: number): boolean {
  if (!isHex(text, from, to)) return false;
  for (let i = from; i < to; i += 1) if (text.charCodeAt(i) !== 48) return true;
  return false;
}

const POOL_WORDS = 1024;
let pool = '';
let used = 0;

/**
 * Ids are cut from a long string of random digits: a piece of it is a single object, where digits put together would
 * be ten of them for each of the spans that a process remembers.
 */
function randomDigits(length: number): string {
  if (used + length > pool.length) {
    const words = Uint32Array.from({ length: POOL_WORDS }, () => Math.floor(Math.random() * 2 ** 32));
    pool = Buffer.from(words.buffer).toString('hex');
    used = 0;
  }
  used += length;
  return pool.slice(used - length, used);
}
