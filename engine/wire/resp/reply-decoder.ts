import { RespError } from './errors.ts';
import { type Reply, Status } from './reply.ts';

const CR = 13;

/** Reads the replies of a server that speaks RESP2, whatever pieces they come in. An error reply is a `RespError`. */
export interface ReplyDecoder {
  push(chunk: Buffer): void;
  /** The next complete reply, or `undefined` until there are more bytes. Throws when the bytes are no reply. */
  next(): Reply | undefined;
}

export function createReplyDecoder(): ReplyDecoder {
  let buffer: Buffer = Buffer.alloc(0);
  let incoming: Buffer[] = [];
  let incomingBytes = 0;
  /** Not worth to look again before there are so many bytes. */
  let wantedBytes = 1;
  let at = 0;

  const line = (): string | undefined => {
    const end = buffer.indexOf(CR, at);
    if (end === -1 || end + 1 >= buffer.length) return undefined;
    const text = buffer.toString('latin1', at, end);
    at = end + 2;
    return text;
  };

  const read = (): Reply | undefined => {
    const head = line();
    if (head === undefined) return undefined;
    const rest = head.slice(1);
    switch (head[0]) {
      case '+':
        return new Status(rest);
      case '-':
        return new RespError(rest);
      case ':':
        return Number(rest);
      case '$': {
        const bytes = Number(rest);
        if (bytes < 0) return null;
        if (buffer.length < at + bytes + 2) {
          wantedBytes = at + bytes + 2;
          return undefined;
        }
        const text = buffer.toString('latin1', at, at + bytes);
        at += bytes + 2;
        return text;
      }
      case '*': {
        const length = Number(rest);
        if (length < 0) return null;
        const elements: Reply[] = [];
        while (elements.length < length) {
          const element = read();
          if (element === undefined) return undefined;
          elements.push(element);
        }
        return elements;
      }
      default:
        throw new Error(`a reply of Redis cannot begin with ${JSON.stringify(head[0] ?? '')}`);
    }
  };

  return {
    push(chunk) {
      incoming.push(chunk);
      incomingBytes += chunk.length;
    },
    next() {
      if (incomingBytes > 0 && buffer.length + incomingBytes >= wantedBytes) {
        buffer =
          buffer.length === 0 && incoming.length === 1 ? (incoming[0] as Buffer) : Buffer.concat([buffer, ...incoming]);
        incoming = [];
        incomingBytes = 0;
      }
      if (buffer.length < wantedBytes) return undefined;
      at = 0;
      wantedBytes = buffer.length + 1;
      const reply = read();
      if (reply !== undefined) {
        buffer = buffer.subarray(at);
        wantedBytes = 1;
      }
      return reply;
    },
  };
}
