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
/** So many arguments in a row are taken as views before one is copied, to be known when it comes again. */
const VIEWS_TO_A_COPY = 16;
/** Arrays of so many arguments are made in one piece. */
const MOST_MADE_AT_ONCE = 32;
/** From this length on a string is compared as a whole. */
const LONG = 20;
/** Shorter beginnings of requests, and longer ones, are not kept. */
const FEWEST_IN_HEAD = 2;
const LONGEST_HEAD = 4096;
/** Longer lengths are read with more care. */
const MAX_PLAIN = 100_000_000;

/**
 * How a request began, up to the first word that was another than before. Clients repeat themselves: a script is called with the
 * same keys again and again. What begins with the same bytes has the same words, without being taken apart.
 */
interface Head {
  readonly text: string;
  readonly words: readonly string[];
  /** Of the whole request. */
  readonly count: number;
  readonly wordsBytes: number;
  readonly shortestCopy: number;
}

const NO_HEAD: Head = { text: '', words: [], count: 0, wordsBytes: 0, shortestCopy: SHORTEST_SLICE };

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
  /** Those that are there. */
  let taken = 0;
  let argsBytes = 0;
  let missingArgs = 0;
  /** Of the argument that comes next; -1 until its length was read. */
  let bulkBytes = -1;
  /**
   * Short arguments of the requests before, by their places. Clients repeat themselves: a script is called with the same keys
   * again and again. The same string again costs no copy, and is found in a `Map` without its hash being made anew.
   */
  const repeated: string[] = [];
  /** So many words of the request, from its first on, are those of requests before; and so many were it last time. */
  let repeatedWords = 0;
  let repeatedLastTime = 0;
  /** Where the request begins in the buffer; -1: before it. */
  let startsAt = -1;
  let head = NO_HEAD;
  /** From this length on arguments are copied out of the text. */
  let shortestCopy = SHORTEST_SLICE;
  /** The first word of the request before, and what it said of `shortestCopy`. */
  let knownName = '';
  let copiesOfKnownName = SHORTEST_SLICE;
  /** Views that were no repetition. */
  let freshViews = 0;

  const takeIncoming = (): void => {
    const rest = buffer.subarray(at);
    buffer = rest.length === 0 && incoming.length === 1 ? (incoming[0] as Buffer) : Buffer.concat([rest, ...incoming]);
    text = buffer.length <= MAX_TEXT_BYTES ? buffer.toString('latin1') : '';
    at = 0;
    startsAt = -1;
    incoming = [];
    incomingBytes = 0;
  };

  const slice = (start: number, end: number): string =>
    end - start < shortestCopy && text !== '' ? text.substring(start, end) : buffer.toString('latin1', start, end);

  /** V8 compares whole strings eight bytes at a time, and `startsWith` one; but a string for it costs its making. */
  const isAhead = (wanted: string): boolean =>
    wanted.length < LONG ? text.startsWith(wanted, at) : text.substring(at, at + wanted.length) === wanted;

  const argument = (place: number): string => {
    if (place >= REPEATED_PLACES || bulkBytes > LONGEST_REPEATED) return slice(at, at + bulkBytes);
    const before = repeated[place];
    if (before !== undefined && before.length === bulkBytes && isAhead(before)) {
      if (place === repeatedWords) repeatedWords += 1;
      return before;
    }
    // A view must not be kept. Now and then a copy is worth its price, for who asks for the same again.
    const isView = shortestCopy !== SHORTEST_SLICE && bulkBytes >= SHORTEST_SLICE;
    if (isView) freshViews += 1;
    if (isView && freshViews % VIEWS_TO_A_COPY !== 0) return slice(at, at + bulkBytes);
    const fresh =
      bulkBytes < SHORTEST_SLICE ? slice(at, at + bulkBytes) : buffer.toString('latin1', at, at + bulkBytes);
    repeated[place] = fresh;
    return fresh;
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
    const words = slice(at, found);
    at = found + (end === CR ? 2 : 1);
    return words;
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
      const arg = argument(taken);
      if (taken === 0) shortestCopy = copiesFor(arg);
      args[taken] = arg;
      taken += 1;
      at += bulkBytes + 2;
      bulkBytes = -1;
      missingArgs -= 1;
    }
    return true;
  };

  const copiesFor = (name: string): number => {
    if (name !== knownName) {
      knownName = name;
      copiesOfKnownName = keepsNothing(name) ? Number.POSITIVE_INFINITY : SHORTEST_SLICE;
    }
    return copiesOfKnownName;
  };

  /** Takes the words that are known from before, if the request begins as the last ones did. */
  const takeHead = (): boolean => {
    const { text: wanted, words, count } = head;
    if (wanted === '' || buffer.length - at < wanted.length || !isAhead(wanted)) return false;
    at += wanted.length;
    taken = words.length;
    missingArgs = count - taken;
    if (missingArgs === 0) args = words.slice();
    else {
      args = new Array(count);
      for (let i = 0; i < taken; i += 1) args[i] = words[i] as string;
    }
    argsBytes = head.wordsBytes;
    shortestCopy = head.shortestCopy;
    repeatedWords = taken;
    return true;
  };

  /** The request is read. What it had in common with those before is known of the next one, if it was as much as last time. */
  const keepHead = (): void => {
    if (repeatedWords === repeatedLastTime && repeatedWords !== head.words.length && startsAt !== -1)
      head = repeatedWords < FEWEST_IN_HEAD ? NO_HEAD : headOf(args.slice(0, repeatedWords));
    repeatedLastTime = repeatedWords;
  };

  const headOf = (words: string[]): Head => {
    const wordsBytes = words.reduce((sum, { length }) => sum + length, 0);
    // Each with its `$`, its length, and two ends of lines; before them the count of all.
    const bytes = words.reduce(
      (sum, { length }) => sum + length + String(length).length + 5,
      3 + String(args.length).length,
    );
    if (bytes > LONGEST_HEAD) return NO_HEAD;
    const kept = buffer.toString('latin1', startsAt, startsAt + bytes);
    return { text: kept, words, count: args.length, wordsBytes, shortestCopy };
  };

  /** How many words the request has, or null when that is not all there. */
  const readCount = (): number | null => {
    const plain = plainLength();
    if (plain > limits.maxArguments) throw new ProtocolError('invalid multibulk length');
    if (plain !== -1) return plain;
    const digits = line('too big mbulk count string', CR);
    // Zero and less are an empty request.
    return digits === null ? null : Math.max(0, lengthOf(digits.slice(1), limits.maxArguments, 'multibulk'));
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
            startsAt = at;
            if (!takeHead()) {
              const count = readCount();
              if (count === null) continue;
              missingArgs = count;
              // A long array grows as its words come, so that nobody has room for what was only announced.
              args = count <= MOST_MADE_AT_ONCE ? new Array(count) : [];
              taken = 0;
              argsBytes = 0;
              repeatedWords = 0;
              // An empty request has no answer.
              if (count === 0) continue;
            }
          }
          if (readBulks()) {
            keepHead();
            shortestCopy = SHORTEST_SLICE;
            return args;
          }
        }
      }
    },
  };
}
