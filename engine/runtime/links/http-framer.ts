import { type HttpHead, parseHead } from './http-head.ts';

/** Hears the parts of the messages in one direction of a connection, in order. All bytes are told, each once. */
export interface FramerEvents {
  /**
   * `raw`: as it came, with its empty line. The answer says what the head itself does not: that no body follows, as after
   * HEAD, or that what follows is not HTTP any more.
   */
  head(head: HttpHead, raw: Buffer): 'body' | 'no-body' | 'opaque';
  /** Of a body, without what delimits it. */
  data(bytes: Buffer): void;
  /** What delimits a body: sizes of chunks, their line ends, trailers. And empty lines before a message. */
  framing(bytes: Buffer): void;
  /** The message is complete. */
  end(): void;
  /** What is no HTTP, or not any more. Nothing else is told from the first of it on. */
  opaque(bytes: Buffer): void;
}

/** Finds the messages in one direction of an HTTP/1.1 connection, however their bytes are split. */
export interface HttpFramer {
  push(bytes: Buffer): void;
  /** Nothing more comes: completes a body that ends with the connection. What was begun is told as opaque. */
  end(): void;
  /** From now on everything is opaque. What was begun of a head is told so. */
  giveUp(): void;
  /** Bytes of a head or line that is not complete. */
  heldBytes(): number;
}

type State = 'head' | 'fixed' | 'chunk-size' | 'chunk' | 'chunk-end' | 'trailer' | 'until-close' | 'opaque';

const MAX_HEAD_BYTES = 64 * 1024;
const MAX_LINE_BYTES = 16 * 1024;
const LF = 10;
const CR = 13;

export function createHttpFramer(side: 'request' | 'response', events: FramerEvents): HttpFramer {
  let state: State = 'head';
  let partial: Buffer = Buffer.alloc(0);
  let left = 0;

  const giveUp = (): void => {
    if (state === 'opaque') return;
    state = 'opaque';
    const begun = partial;
    partial = Buffer.alloc(0);
    if (begun.length > 0) events.opaque(begun);
  };

  const endMessage = (): void => {
    state = 'head';
    events.end();
  };

  /** Takes up what a head says of the body. */
  const beginBody = (head: HttpHead, raw: Buffer): void => {
    const follows = events.head(head, raw);
    // Who heard the head may have given up all of it.
    if (isOpaque()) return;
    if (follows === 'opaque') state = 'opaque';
    else if (follows === 'no-body' || head.body?.type === 'none') endMessage();
    else if (head.body?.type === 'length') {
      state = 'fixed';
      left = head.body.bytes;
      if (left === 0) endMessage();
    } else state = head.body?.type === 'chunked' ? 'chunk-size' : 'until-close';
  };
  /** Asks anew, where the compiler takes the state for known. */
  const isOpaque = (): boolean => state === 'opaque';

  /** Takes one head or line from the bytes. False when they do not hold a whole one, or none at all. */
  const takeLine = (bytes: Buffer, at: number): number => {
    if (state === 'head') {
      const empty = bytes[at] === CR ? 2 : 1;
      if (bytes[at] === LF || (bytes[at] === CR && bytes[at + 1] === LF)) {
        events.framing(bytes.subarray(at, at + empty));
        return at + empty;
      }
      const end = endOfHead(bytes, at);
      if (end < 0) return bytes.length - at > MAX_HEAD_BYTES ? -2 : -1;
      const raw = bytes.subarray(at, end);
      const head = parseHead(raw, side);
      if (!head?.body) return -2;
      beginBody(head, raw);
      return end;
    }
    const lineEnd = bytes.indexOf(LF, at);
    if (lineEnd < 0) return bytes.length - at > MAX_LINE_BYTES ? -2 : -1;
    const end = lineEnd + 1;
    const line = bytes.subarray(at, end);
    const text = line.toString('latin1').trimEnd();
    if (state === 'chunk-size') {
      const size = /^([0-9a-fA-F]{1,13})\s*(?:;.*)?$/.exec(text);
      if (!size) return -2;
      events.framing(line);
      left = Number.parseInt(size[1] as string, 16);
      state = left === 0 ? 'trailer' : 'chunk';
    } else if (state === 'chunk-end') {
      if (text !== '') return -2;
      events.framing(line);
      state = 'chunk-size';
    } else {
      events.framing(line);
      if (text === '') endMessage();
    }
    return end;
  };

  return {
    push(pushed) {
      let bytes = partial.length > 0 ? Buffer.concat([partial, pushed]) : pushed;
      partial = Buffer.alloc(0);
      let at = 0;
      while (at < bytes.length) {
        if (isOpaque()) {
          events.opaque(bytes.subarray(at));
          return;
        }
        if (state === 'until-close') {
          events.data(bytes.subarray(at));
          return;
        }
        if (state === 'fixed' || state === 'chunk') {
          const taken = Math.min(left, bytes.length - at);
          events.data(bytes.subarray(at, at + taken));
          at += taken;
          left -= taken;
          if (left > 0) return;
          if (state === 'fixed') endMessage();
          else state = 'chunk-end';
          continue;
        }
        const next = takeLine(bytes, at);
        if (next >= 0) {
          at = next;
          continue;
        }
        partial = bytes.subarray(at);
        bytes = Buffer.alloc(0);
        if (next === -2) giveUp();
      }
    },
    end() {
      if (state === 'until-close') endMessage();
      giveUp();
    },
    giveUp,
    heldBytes: () => partial.length,
  };
}

/** Index after the empty line that ends a head, or -1. */
function endOfHead(bytes: Buffer, start: number): number {
  for (let line = bytes.indexOf(LF, start) + 1; line > 0; line = bytes.indexOf(LF, line) + 1) {
    if (bytes[line] === LF) return line + 1;
    if (bytes[line] === CR && bytes[line + 1] === LF) return line + 2;
  }
  return -1;
}
