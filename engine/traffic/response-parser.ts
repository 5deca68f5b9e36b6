import { FAILURE_HOP_HEADER, FAILURE_REASON_HEADER } from '../metrics/failure-reason.ts';

/** Reads the answers of one HTTP/1.1 connection, one after the other, and keeps of each only what the traffic needs. */
export interface ResponseParser {
  /** `done` at the last byte of an answer; `bad` when it is no HTTP, or when more came than was asked for. */
  feed(bytes: Buffer, length: number): 'more' | 'done' | 'bad';
  /** The peer ended the connection: whether that completes the answer. */
  endOfStream(): boolean;
  /** Of the newest answer. */
  readonly status: number;
  /** The connection takes no further request. */
  readonly closes: boolean;
  readonly failureReason: string | null;
  readonly failureHop: string | null;
}

type State = 'head' | 'fixed' | 'chunk-size' | 'chunk' | 'trailer' | 'until-close';

const MAX_HEAD_BYTES = 64 * 1024;
const LF = 10;
const COLON = 58;
const isDigit = (byte: number | undefined): byte is number => byte !== undefined && byte >= 48 && byte <= 57;

export function createResponseParser(): ResponseParser {
  let state: State = 'head';
  /** Start of a head, chunk size or trailer line that came in several reads. */
  let partial: Buffer | null = null;
  /** Bytes that are left of the body, or of the chunk and the line end after it. */
  let left = 0;
  /**
   * The newest head, and the state and length that it led to. At thousands of answers a second nearly every head is the
   * same as the one before, to the second in its date; then it need not be read again.
   */
  let knownHead: Buffer = Buffer.alloc(0);
  let knownState: State = 'head';
  let knownLeft = 0;

  const parser = {
    status: 0,
    closes: false,
    failureReason: null as string | null,
    failureHop: null as string | null,

    feed(bytes: Buffer, length: number): 'more' | 'done' | 'bad' {
      let at = 0;
      let source = bytes;
      let end = length;
      if (partial) {
        source = Buffer.concat([partial, bytes.subarray(0, length)]);
        end = source.length;
        partial = null;
      }
      while (at < end) {
        if (state === 'until-close') return 'more';
        if (state === 'fixed' || state === 'chunk') {
          const taken = Math.min(left, end - at);
          at += taken;
          left -= taken;
          if (left > 0) return 'more';
          if (state === 'fixed') return finish(at, end);
          state = 'chunk-size';
          continue;
        }
        if (state === 'head' && isKnownHead(source, at, end)) {
          at += knownHead.length;
          state = knownState;
          left = knownLeft;
          if (bodyIsEmpty()) return finish(at, end);
          continue;
        }
        const lineEnd = state === 'head' ? endOfHead(source, at, end) : source.indexOf(LF, at);
        if (lineEnd < 0 || lineEnd >= end) {
          if (end - at > MAX_HEAD_BYTES) return 'bad';
          // The buffer of the next read is the same one: what is kept must be copied.
          partial = Buffer.from(source.subarray(at, end));
          return 'more';
        }
        const start = at;
        at = lineEnd + 1;
        if (state === 'head') {
          if (!readHead(source, start, lineEnd)) return 'bad';
          if (stateIs('head')) continue;
          knownHead = Buffer.from(source.subarray(start, at));
          knownState = state;
          knownLeft = left;
          if (bodyIsEmpty()) return finish(at, end);
        } else if (state === 'chunk-size') {
          const size = Number.parseInt(source.toString('latin1', start, lineEnd), 16);
          if (!(size >= 0)) return 'bad';
          state = size === 0 ? 'trailer' : 'chunk';
          left = size + 2;
        } else if (lineEnd - start <= 1) {
          return finish(at, end);
        }
      }
      return 'more';
    },

    endOfStream: () => state === 'until-close',
  };

  const isKnownHead = (bytes: Buffer, at: number, end: number): boolean =>
    knownHead.length > 0 && end - at >= knownHead.length && knownHead.compare(bytes, at, at + knownHead.length) === 0;
  /** Asks anew, where the compiler takes the state for known. */
  const stateIs = (asked: State): boolean => state === asked;
  const bodyIsEmpty = (): boolean => state === 'fixed' && left === 0;

  function finish(at: number, end: number): 'done' | 'bad' {
    state = 'head';
    return at === end ? 'done' : 'bad';
  }

  /** Index of the last byte of the head's empty line, or -1. */
  function endOfHead(bytes: Buffer, start: number, end: number): number {
    let line = start;
    for (;;) {
      const lineEnd = bytes.indexOf(LF, line);
      if (lineEnd < 0 || lineEnd >= end) return -1;
      if (lineEnd - line <= 1 && line > start) return lineEnd;
      line = lineEnd + 1;
    }
  }

  /** Reads "HTTP/1.x NNN" and the header lines up to `end`, and sets the state for the body. False when it is no HTTP. */
  function readHead(bytes: Buffer, start: number, end: number): boolean {
    if (bytes.toString('latin1', start, start + 7) !== 'HTTP/1.') return false;
    const [hundreds, tens, ones] = [bytes[start + 9], bytes[start + 10], bytes[start + 11]];
    if (!isDigit(hundreds) || !isDigit(tens) || !isDigit(ones)) return false;
    const status = (hundreds - 48) * 100 + (tens - 48) * 10 + (ones - 48);

    parser.status = status;
    // HTTP/1.0 closes unless it says otherwise.
    parser.closes = bytes[start + 7] === 48;
    parser.failureReason = null;
    parser.failureHop = null;
    let length = -1;
    let chunked = false;

    let line = bytes.indexOf(LF, start) + 1;
    while (line < end) {
      const lineEnd = bytes.indexOf(LF, line);
      const nameEnd = interestingName(bytes, line);
      if (nameEnd > 0) {
        const name = bytes.toString('latin1', line, nameEnd).toLowerCase();
        const value = bytes.toString('latin1', nameEnd + 1, lineEnd).trim();
        if (name === 'content-length') {
          length = Number(value);
          if (!Number.isSafeInteger(length) || length < 0) return false;
        } else if (name === 'transfer-encoding') chunked = /chunked$/i.test(value);
        else if (name === 'connection')
          parser.closes = /close/i.test(value) || (parser.closes && !/keep-alive/i.test(value));
        else if (name === FAILURE_REASON_HEADER) parser.failureReason = value;
        else if (name === FAILURE_HOP_HEADER) parser.failureHop = value;
      }
      line = lineEnd + 1;
    }

    if (status < 200) {
      // An interim answer; the real one follows. Switching protocols was not asked for.
      state = 'head';
      return status >= 100 && status !== 101;
    }
    left = length;
    if (status === 204 || status === 304) {
      state = 'fixed';
      left = 0;
    } else if (chunked) state = 'chunk-size';
    else if (length >= 0) state = 'fixed';
    else {
      state = 'until-close';
      parser.closes = true;
    }
    return true;
  }

  return parser;
}

/** Lengths of the names that matter; other lines are passed over without making a string of them. */
const LENGTHS = new Set(
  ['connection', 'content-length', 'transfer-encoding', FAILURE_REASON_HEADER, FAILURE_HOP_HEADER].map(
    (name) => name.length,
  ),
);

/** Where the name of a header line ends, if it may be one that matters, or -1. */
function interestingName(bytes: Buffer, line: number): number {
  const first = (bytes[line] as number) | 32;
  // c, t, x
  if (first !== 99 && first !== 116 && first !== 120) return -1;
  const nameEnd = bytes.indexOf(COLON, line);
  return LENGTHS.has(nameEnd - line) ? nameEnd : -1;
}
