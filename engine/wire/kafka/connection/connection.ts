import type { Socket } from 'node:net';
import { ProtocolError } from '../protocol/errors.ts';
import { Frames } from './frames.ts';
import type { Memory } from './memory.ts';

/** While so much of the answers is not taken by the client, its further requests wait. */
const MAX_UNSENT_BYTES = 1024 * 1024;
/** While a request is under way, no more than this is read of those behind it. */
const MAX_AHEAD_BYTES = 256 * 1024;

export interface ConnectionLimits {
  maxRequestBytes: number;
  /** Of a connection on which nothing happens. */
  maxIdleMs: number;
}

/** What a connection is to those who answer its requests. */
export interface Connection {
  /** As Kafka writes it: `/127.0.0.1`. */
  readonly clientHost: string;
  /** Calls back when it has ended. Returns what takes that back. */
  onceClosed(listener: () => void): () => void;
}

/**
 * Serves one connection: one request after the other, as Kafka does, so answers come in the order of the requests and nobody
 * gets more work done than they take answers. A message that is none ends it.
 */
export function serveConnection(options: {
  socket: Socket;
  limits: ConnectionLimits;
  memory: Memory;
  /** Resolves with the parts of the answer, or null where none is due. */
  answer(frame: Buffer, connection: Connection): Promise<readonly Buffer[] | null> | readonly Buffer[] | null;
  onBytes(read: number, written: number): void;
  onClose(): void;
}): void {
  const { socket, limits, memory, onBytes } = options;
  const frames = new Frames(limits.maxRequestBytes);
  const listeners = new Set<() => void>();
  const share = memory.share();
  let isBusy = false;
  let isOver = false;

  const connection: Connection = {
    clientHost: `/${socket.remoteAddress}`,
    onceClosed(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };

  const send = (parts: readonly Buffer[]): void => {
    let bytes = 0;
    for (const part of parts) bytes += part.length;
    const length = Buffer.allocUnsafe(4);
    length.writeInt32BE(bytes);
    socket.cork();
    socket.write(length);
    for (const part of parts) socket.write(part);
    socket.uncork();
    onBytes(0, bytes + 4);
  };

  const close = (): void => {
    isOver = true;
    socket.destroy();
  };

  const answered = (parts: readonly Buffer[] | null): void => {
    if (isOver || parts === null) return;
    send(parts);
  };

  const serve = (): void => {
    while (!isOver && !isBusy && socket.writableLength <= MAX_UNSENT_BYTES) {
      const frame = frames.next();
      if (frame === null) return;
      const answer = options.answer(frame, connection);
      if (!(answer instanceof Promise)) {
        answered(answer);
        continue;
      }
      isBusy = true;
      answer.then(
        (parts) => {
          isBusy = false;
          answered(parts);
          advance();
        },
        (error: unknown) => {
          if (!(error instanceof ProtocolError)) throw error;
          close();
        },
      );
    }
  };

  const advance = (): void => {
    if (isOver) return;
    try {
      serve();
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      close();
      return;
    }
    const isWaiting = isBusy || socket.writableLength > MAX_UNSENT_BYTES;
    if (isWaiting && frames.held > MAX_AHEAD_BYTES) socket.pause();
    else if (socket.isPaused()) socket.resume();
    // Half of a request that nobody has room for.
    if (!share.set(frames.held, socket.writableNeedDrain ? socket.writableLength : 0)) close();
  };

  socket.setNoDelay(true);
  socket.setTimeout(limits.maxIdleMs, () => {
    if (!isBusy) close();
  });
  socket.on('data', (chunk) => {
    onBytes(chunk.length, 0);
    frames.push(chunk);
    advance();
  });
  socket.on('drain', advance);
  // Its close follows.
  socket.on('error', () => {});
  socket.on('close', () => {
    isOver = true;
    share.end();
    for (const listener of listeners) listener();
    listeners.clear();
    options.onClose();
  });
}
