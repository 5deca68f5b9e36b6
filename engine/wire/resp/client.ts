import { connect, type Socket } from 'node:net';
import type { Reply } from './reply.ts';
import { createReplyDecoder } from './reply-decoder.ts';

/** A connection to a server that speaks the protocol of Redis. */
export interface RespClient {
  /**
   * Sends requests of one-byte (latin1) strings in one write and resolves with their replies, in order; an error reply is
   * a `RespError` among them. Rejects when the connection breaks before the last one.
   */
  send(...requests: readonly (readonly string[])[]): Promise<Reply[]>;
  readonly usable: boolean;
  /** Cuts the connection off; what is under way rejects. */
  destroy(): void;
}

interface Pending {
  left: number;
  replies: Reply[];
  resolve(replies: Reply[]): void;
  reject(error: Error): void;
}

/** Resolves when the connection stands. Ending the signal cuts it off, also while it is being made. */
export function connectResp(options: {
  host?: string;
  port: number;
  signal?: AbortSignal;
  onClose?(): void;
}): Promise<RespClient> {
  const { host = '127.0.0.1', port, signal } = options;
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true, signal });
    socket.once('connect', () => resolve(createClient(socket)));
    socket.once('error', reject);
    socket.once('close', () => options.onClose?.());
  });
}

function createClient(socket: Socket): RespClient {
  const decoder = createReplyDecoder();
  const pending: Pending[] = [];
  let broken: Error | null = null;

  const breakOff = (error: Error): void => {
    broken ??= error;
    socket.destroy();
    for (const { reject } of pending.splice(0)) reject(broken);
  };

  const deliver = (reply: Reply): void => {
    const first = pending[0];
    if (!first) throw new Error('a reply to no request');
    first.replies.push(reply);
    first.left -= 1;
    if (first.left > 0) return;
    pending.shift();
    first.resolve(first.replies);
  };

  socket.on('data', (chunk) => {
    decoder.push(chunk);
    try {
      for (let reply = decoder.next(); reply !== undefined; reply = decoder.next()) deliver(reply);
    } catch (error) {
      breakOff(error as Error);
    }
  });
  socket.on('error', breakOff);
  socket.on('close', () => breakOff(new Error('the connection was closed')));

  return {
    get usable() {
      return broken === null;
    },
    send(...requests) {
      return new Promise((resolve, reject) => {
        if (broken) return reject(broken);
        pending.push({ left: requests.length, replies: [], resolve, reject });
        socket.write(requests.map(encodeRequest).join(''), 'latin1');
      });
    },
    destroy: () => breakOff(new Error('the connection was cut off')),
  };
}

const encodeRequest = (words: readonly string[]): string => {
  let encoded = `*${words.length}\r\n`;
  for (const word of words) encoded += `$${word.length}\r\n${word}\r\n`;
  return encoded;
};
