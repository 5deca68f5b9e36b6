import { ProtocolError } from './errors.ts';
import { splitInline } from './inline.ts';

export interface DecoderLimits {
  /** Longest argument of a command. */
  maxBulkBytes: number;
  /** Most arguments of a command. */
  maxArguments: number;
  /** All arguments of a command together. */
  maxRequestBytes: number;
}

/** Redis' PROTO_INLINE_MAX_SIZE: the longest inline command, and the longest line with a length. */
const MAX_LINE_BYTES = 64 * 1024;
/** Substrings shorter than this are copies in V8; longer ones would keep the whole chunk alive for as long as they live. */
const SHORTEST_SLICE = 13;
/** Larger chunks are mostly values, and not worth a string of their own. */
const MAX_TEXT_BYTES = 256 * 1024;

const ASTERISK = 42;
const DOLLAR = 36;
const CR = 13;
const LF = 10;
const ZERO = 48;
/** Arguments that are compared with those of the request before: so many of each request, and no longer ones. */
const REPEATED_PLACES = 24;
const LONGEST_REPEATED = 64;
/** Longer lengths are read with more care. */
const MAX_PLAIN = 100_000_000;

/** Reads the requests of one connection from its bytes, whatever pieces they come in. */
export interface Decoder {
  push(chunk: Buffer): void;
  /**
   * The next complete request as one-byte (latin1) strings, or null until there are more bytes. Throws a `ProtocolError`,
   * after which the connection must be closed. Holds no more bytes than were received and the limits allow.
   */
  next(): string[] | null;
}

/**
 * `keepsNothing` says of the first word of a request whether its arguments are let go of once it is answered: they may be views
 * of the bytes that they came in, and cost no copy.
 */
export function createDecoder(limits: DecoderLimits, keepsNothing: (name: string) => boolean = () => false): Decoder {
  let buffer: Buffer = Buffer.alloc(0);
  /** The same as `buffer`, for short arguments; empty where the buffer is large. */
  let text = '';
  let at = 0;
  let incoming: Buffer[] = [];
  let incomingBytes = 0;
  /** So many bytes from `at` are needed before it is worth to look again. */
  let wantedBytes = 1;

  let args: string[] = [];
  let argsBytes = 0;
  let missingArgs = 0;
  /** Of the argument that comes next; -1 until its length was read. */
  let bulkBytes = -1;
  /**
   * Short arguments of the requests before, by their places. Clients repeat themselves: a script is called with the same keys
   * again and again. The same string again costs no copy, and is found in a `Map` without its hash being made anew.
   */
  const repeated: string[] = [];
  /** From this length on arguments are copied out of the text. */
  let shortestCopy = SHORTEST_SLICE;

  const takeIncoming = (): void => {
    const rest = buffer.subarray(at);
    buffer = rest.length === 0 && incoming.length === 1 ? (incoming[0] as Buffer) : Buffer.concat([rest, ...incoming]);
    text = buffer.length <= MAX_TEXT_BYTES ? buffer.toString('latin1') : '';
    at = 0;
    incoming = [];
    incomingBytes = 0;
  };

  const slice = (start: number, end: number): string =>
    end - start < shortestCopy && text !== '' ? text.substring(start, end) : buffer.toString('latin1', start, end);

  const argument = (place: number): string => {
    const known = place < REPEATED_PLACES ? repeated[place] : undefined;
    if (known !== undefined && known.length === bulkBytes && text.startsWith(known, at)) return known;
    const taken = slice(at, at + bulkBytes);
    // A view must not be kept.
    if (place < REPEATED_PLACES && bulkBytes <= LONGEST_REPEATED && shortestCopy === SHORTEST_SLICE)
      repeated[place] = taken;
    return taken;
  };

  /** A line without its end, or null when it is not complete. */
  const line = (tooLong: string, end: number): string | null => {
    const found = buffer.indexOf(end, at);
    if (found === -1 || (end === CR && found + 1 >= buffer.length)) {
      if (buffer.length - at > MAX_LINE_BYTES) throw new ProtocolError(tooLong);
      wantedBytes = buffer.length - at + 1;
      return null;
    }
    if (found - at > MAX_LINE_BYTES) throw new ProtocolError(tooLong);
    const taken = slice(at, found);
    at = found + (end === CR ? 2 : 1);
    return taken;
  };

  const lengthOf = (digits: string, max: number, what: string): number => {
    const length = /^(?:0|-?[1-9]\d{0,15})$/.test(digits) ? Number(digits) : Number.NaN;
    if (!(length <= max)) throw new ProtocolError(`invalid ${what} length`);
    return length;
  };

  /** The length in a line such as `$12\r\n`, where it is plain and all there; else -1, and nothing is taken. */
  const plainLength = (): number => {
    let place = at + 1;
    let length = (buffer[place] as number) - ZERO;
    if (!(length > 0 && length <= 9)) return -1;
    for (place += 1; ; place += 1) {
      const digit = (buffer[place] as number) - ZERO;
      if (!(digit >= 0 && digit <= 9)) break;
      length = length * 10 + digit;
    }
    if (length > MAX_PLAIN || buffer[place] !== CR || place + 1 >= buffer.length) return -1;
    at = place + 2;
    return length;
  };

  /** Reads the arguments of an array; true when all are there. */
  const readBulks = (): boolean => {
    while (missingArgs > 0) {
      if (bulkBytes === -1 && buffer[at] === DOLLAR) {
        const length = plainLength();
        if (length !== -1 && length <= limits.maxBulkBytes) {
          bulkBytes = length;
          argsBytes += length;
          if (argsBytes > limits.maxRequestBytes) throw new ProtocolError('too big request');
        } else if (length !== -1) throw new ProtocolError('invalid bulk length');
      }
      if (bulkBytes === -1) {
        if (at >= buffer.length) return want(1);
        if (buffer[at] !== DOLLAR)
          throw new ProtocolError(`expected '$', got '${String.fromCharCode(buffer[at] as number)}'`);
        const digits = line('too big bulk count string', CR);
        if (digits === null) return false;
        bulkBytes = lengthOf(digits.slice(1), limits.maxBulkBytes, 'bulk');
        argsBytes += bulkBytes;
        if (bulkBytes < 0) throw new ProtocolError('invalid bulk length');
        if (argsBytes > limits.maxRequestBytes) throw new ProtocolError('too big request');
      }
      if (buffer.length - at < bulkBytes + 2) return want(bulkBytes + 2);
      const arg = argument(args.length);
      if (args.length === 0 && keepsNothing(arg)) shortestCopy = Number.POSITIVE_INFINITY;
      args.push(arg);
      at += bulkBytes + 2;
      bulkBytes = -1;
      missingArgs -= 1;
    }
    return true;
  };

  const checkedCount = (count: number): number => {
    if (count > limits.maxArguments) throw new ProtocolError('invalid multibulk length');
    return count;
  };

  const want = (bytes: number): false => {
    wantedBytes = bytes;
    return false;
  };

  return {
    push(chunk) {
      incoming.push(chunk);
      incomingBytes += chunk.length;
    },
    next() {
      for (;;) {
        if (buffer.length - at < wantedBytes) {
          if (incomingBytes === 0 || buffer.length - at + incomingBytes < wantedBytes) return null;
          takeIncoming();
        }
        wantedBytes = 1;
        if (missingArgs === 0 && buffer[at] !== ASTERISK) {
          const inline = line('too big inline request', LF);
          if (inline === null) continue;
          const words = splitInline(inline.replace(/\r$/, ''));
          if (words.length > 0) return words;
        } else {
          if (missingArgs === 0) {
            const count = plainLength();
            const digits = count === -1 ? line('too big mbulk count string', CR) : '';
            if (digits === null) continue;
            // Zero and less are an empty request, which has no answer.
            missingArgs =
              count === -1
                ? Math.max(0, lengthOf(digits.slice(1), limits.maxArguments, 'multibulk'))
                : checkedCount(count);
            args = [];
            argsBytes = 0;
            if (missingArgs === 0) continue;
          }
          if (readBulks()) {
            shortestCopy = SHORTEST_SLICE;
            return args;
          }
        }
      }
    },
  };
}
