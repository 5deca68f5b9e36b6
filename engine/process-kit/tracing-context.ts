/**
 * W3C Trace Context, level 2 (https://www.w3.org/TR/trace-context-2/): where in which trace a request stands.
 * Level 1 differs only in that it does not know the flag "random". Ids are words of 32 bits, signed, the first digits first:
 * a process remembers thousands of them, and as texts they would be what its garbage collector is busy with.
 */
export interface TraceContext {
  /** 16 bytes, not all 0. */
  readonly trace0: number;
  readonly trace1: number;
  readonly trace2: number;
  readonly trace3: number;
  /** Of the caller's span: 8 bytes, not all 0. */
  readonly span0: number;
  readonly span1: number;
  /** `SAMPLED` and `RANDOM`; no other flag is passed on. */
  readonly flags: number;
}

export const SAMPLED = 1;
/** The trace id is random, so that others may derive decisions from its digits. Ours are. */
export const RANDOM = 2;

const DASH = 45;
const ZERO = 48;
/** Version, trace id, span id, flags, and the dashes between them. */
export const TRACEPARENT_LENGTH = 55;

/**
 * Reads a `traceparent` header. Null when there is none, or none that follows the standard: then a new trace begins.
 * A version above 00 is read as far as 00 goes, as the standard asks.
 */
export function parseTraceparent(header: string | undefined): TraceContext | null {
  if (header === undefined || header.length < TRACEPARENT_LENGTH) return null;
  const version = wordAt(header, 0, 2);
  const isLonger = header.length > TRACEPARENT_LENGTH;
  if (isLonger && (version === 0 || header.charCodeAt(TRACEPARENT_LENGTH) !== DASH)) return null;
  if (header.charCodeAt(2) !== DASH || header.charCodeAt(35) !== DASH || header.charCodeAt(52) !== DASH) return null;
  const flags = wordAt(header, 53, 2);
  if (version < 0 || version === 0xff || flags < 0 || !isHex(header, 3, 35) || !isHex(header, 36, 52)) return null;
  const context: TraceContext = {
    trace0: wordAt(header, 3, 8),
    trace1: wordAt(header, 11, 8),
    trace2: wordAt(header, 19, 8),
    trace3: wordAt(header, 27, 8),
    span0: wordAt(header, 36, 8),
    span1: wordAt(header, 44, 8),
    flags: flags & (SAMPLED | RANDOM),
  };
  const hasTrace = (context.trace0 | context.trace1 | context.trace2 | context.trace3) !== 0;
  return hasTrace && (context.span0 | context.span1) !== 0 ? context : null;
}

export const formatTraceparent = (context: TraceContext): string =>
  `00-${traceIdOf(context)}-${spanIdOf(context.span0, context.span1)}-0${context.flags}`;

/** The same as bytes. */
export function writeTraceparent(into: Uint8Array, at: number, context: TraceContext): void {
  into[at] = into[at + 1] = into[at + 53] = ZERO;
  into[at + 2] = into[at + 35] = into[at + 52] = DASH;
  writeWord(into, at + 3, context.trace0);
  writeWord(into, at + 11, context.trace1);
  writeWord(into, at + 19, context.trace2);
  writeWord(into, at + 27, context.trace3);
  writeWord(into, at + 36, context.span0);
  writeWord(into, at + 44, context.span1);
  into[at + 54] = ZERO + context.flags;
}

export const traceIdOf = ({
  trace0,
  trace1,
  trace2,
  trace3,
}: Omit<TraceContext, 'span0' | 'span1' | 'flags'>): string =>
  digitsOf(trace0) + digitsOf(trace1) + digitsOf(trace2) + digitsOf(trace3);

export const spanIdOf = (span0: number, span1: number): string => digitsOf(span0) + digitsOf(span1);

/** Of a trace id: which of many it is, in most cases. */
export const lastWordOf = (traceId: string): number => wordAt(traceId, 24, 8);

export const randomWord = (): number => (Math.random() * 2 ** 32) | 0;

/**
 * Decides from the last word of the trace id, as OpenTelemetry's samplers decide from its digits: with the same ratio, all our
 * processes decide the same.
 */
export const isSampled = (trace3: number, ratio: number): boolean =>
  ratio >= 1 || (ratio > 0 && trace3 >>> 0 < ratio * 2 ** 32);

const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** The eight digits of a word. Looked up: `toString(16)` takes several times as long. */
const digitsOf = (word: number): string =>
  `${BYTES[word >>> 24]}${BYTES[(word >>> 16) & 255]}${BYTES[(word >>> 8) & 255]}${BYTES[word & 255]}`;

function writeWord(into: Uint8Array, at: number, word: number): void {
  for (let digit = 0; digit < 8; digit += 1) into[at + digit] = CODES[(word >>> (28 - 4 * digit)) & 15] as number;
}

const CODES = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));

/** The value of a hexadecimal digit by its character code, -1 for any other. Upper case is not allowed. */
const DIGITS = Int8Array.from({ length: 128 }, (_, code) => '0123456789abcdef'.indexOf(String.fromCharCode(code)));
const digitAt = (text: string, at: number): number => DIGITS[text.charCodeAt(at)] ?? -1;

function isHex(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if (digitAt(text, at) < 0) return false;
  return true;
}

/** Negative for two digits of which one is none. Of eight, all must be known to be digits. */
function wordAt(text: string, from: number, digits: number): number {
  let word = 0;
  for (let at = from; at < from + digits; at += 1) word = (word << 4) | digitAt(text, at);
  return word;
}
