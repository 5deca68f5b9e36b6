import type { IncomingHttpHeaders } from 'node:http';
import { headersOf } from './headers.ts';

/** What an answer consists of, as it comes. */
export interface AnswerSink {
  head(status: number, headers: IncomingHttpHeaders): void;
  /** The bytes are the sink's own. */
  body(bytes: Buffer): void;
  /** `closes`: the connection takes no further call. */
  end(closes: boolean): void;
}

export interface AnswerReader {
  /** The next answer is one to a request with this method. */
  expect(method: string): void;
  /** False when what came is no sound answer. The buffer may be used again afterwards. */
  feed(buffer: Buffer, length: number): boolean;
  /** The peer ends the connection. True when that completes the answer. */
  endOfStream(): boolean;
}

type State = 'idle' | 'head' | 'fixed' | 'chunk-size' | 'chunk' | 'chunk-end' | 'trailer' | 'until-close';

const MAX_LINE_BYTES = 64 * 1024;
const LF = 10;
const isDigit = (code: number | undefined): code is number => code !== undefined && code >= 48 && code <= 57;

/** Reads the answers of one connection, one after the other: RFC 9112, sections 4, 6 and 7. */
export function createAnswerReader(sink: AnswerSink): AnswerReader {
  let state: State = 'idle';
  let isHead = false;
  let closes = false;
  /** Bytes that are left of the body or of the chunk. */
  let left = 0;
  /** The beginning of a head or a line that has not come whole. */
  let partial: Buffer | null = null;

  const finish = (): void => {
    state = 'idle';
    sink.end(closes);
  };

  /** Returns false for a head that is not one. */
  const readHead = (bytes: Buffer, start: number, end: number): boolean => {
    const text = bytes.toString('latin1', start, end);
    if (!text.startsWith('HTTP/1.')) return false;
    const [hundreds, tens, ones] = [bytes[start + 9], bytes[start + 10], bytes[start + 11]];
    if (!isDigit(hundreds) || !isDigit(tens) || !isDigit(ones)) return false;
    const status = (hundreds - 48) * 100 + (tens - 48) * 10 + (ones - 48);
    if (status === 101) return false;
    // An interim answer; the real one follows.
    if (status < 200) return status >= 100;
    const headers = headersOf(text);
    if (!headers) return false;
    const connection = headers.connection?.toLowerCase() ?? '';
    closes = text[7] === '0' ? !connection.includes('keep-alive') : connection.includes('close');
    const coding = headers['transfer-encoding'];
    const length = headers['content-length'];
    if (isHead || status === 204 || status === 304) {
      state = 'fixed';
      left = 0;
    } else if (coding !== undefined) {
      state = /(^|,)\s*chunked\s*$/i.test(coding) ? 'chunk-size' : 'until-close';
    } else if (length !== undefined) {
      if (!/^\d{1,15}$/.test(length)) return false;
      state = 'fixed';
      left = Number(length);
    } else state = 'until-close';
    if (state === 'until-close') closes = true;
    sink.head(status, headers);
    if (state === 'fixed' && left === 0) finish();
    return true;
  };

  /** The index after the empty line that ends a head, or -1. */
  const endOfHead = (bytes: Buffer, start: number, end: number): number => {
    for (let line = start; ; ) {
      const lineEnd = bytes.indexOf(LF, line);
      if (lineEnd < 0 || lineEnd >= end) return -1;
      if (line > start && lineEnd - line <= 1) return lineEnd + 1;
      line = lineEnd + 1;
    }
  };

  const readLine = (line: string): boolean => {
    if (state === 'chunk-end') {
      state = 'chunk-size';
      return line === '';
    }
    if (state === 'trailer') {
      if (line === '') finish();
      return true;
    }
    const size = /^([0-9a-f]{1,12})\s*(;.*)?$/i.exec(line)?.[1];
    if (size === undefined) return false;
    left = Number.parseInt(size, 16);
    state = left === 0 ? 'trailer' : 'chunk';
    return true;
  };

  return {
    expect(method) {
      isHead = method === 'HEAD';
      closes = false;
      state = 'head';
    },
    feed(buffer, length) {
      let source = buffer;
      let end = length;
      if (partial) {
        source = Buffer.concat([partial, buffer.subarray(0, length)]);
        end = source.length;
        partial = null;
      }
      for (let at = 0; at < end; ) {
        // More than was asked for.
        if (state === 'idle') return false;
        if (state === 'fixed' || state === 'chunk' || state === 'until-close') {
          const taken = state === 'until-close' ? end - at : Math.min(left, end - at);
          const bytes = Buffer.from(source.subarray(at, at + taken));
          at += taken;
          left -= taken;
          sink.body(bytes);
          if (state === 'chunk' && left === 0) state = 'chunk-end';
          else if (state === 'fixed' && left === 0) finish();
          continue;
        }
        const after = state === 'head' ? endOfHead(source, at, end) : source.indexOf(LF, at) + 1;
        if (after <= 0 || after > end) {
          if (end - at > MAX_LINE_BYTES) return false;
          // The buffer of the next read is the same one: what is kept must be copied.
          partial = Buffer.from(source.subarray(at, end));
          return true;
        }
        const sound =
          state === 'head'
            ? readHead(source, at, after)
            : readLine(source.toString('latin1', at, after - 1).replace(/\r$/, ''));
        if (!sound) return false;
        at = after;
      }
      return true;
    },
    endOfStream() {
      if (state !== 'until-close') return false;
      finish();
      return true;
    },
  };
}
