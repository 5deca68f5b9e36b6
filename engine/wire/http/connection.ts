import { connect, type Socket } from 'node:net';
import { type AnswerReader, type AnswerSink, createAnswerReader } from './answer-reader.ts';

/** One call on a connection, as the connection sees it. */
export interface Exchange extends AnswerSink {
  readonly method: string;
  /** The whole request has been written. An answer that comes before takes the connection with it. */
  readonly isSent: boolean;
  /** Written as soon as the connection takes it. */
  start(socket: Socket): void;
  /** The connection is gone, and the answer is not whole. */
  broken(error: NodeJS.ErrnoException): void;
}

export interface Connection {
  run(exchange: Exchange): void;
  pause(): void;
  resume(): void;
  destroy(): void;
}

const READ_BYTES = 16 * 1024;

/**
 * A connection on which one call follows another. `onFree` comes when it can take the next one, `onGone` when it never will
 * again; after that nothing comes.
 */
export function openConnection(
  address: { host: string; port: number },
  { onFree, onGone }: { onFree(): void; onGone(): void },
): Connection {
  let exchange: Exchange | null = null;
  let gone = false;
  let freed = false;
  let reader: AnswerReader;

  const leave = (error: NodeJS.ErrnoException | null): void => {
    if (gone) return;
    gone = true;
    socket.destroy();
    const left = exchange;
    exchange = null;
    onGone();
    left?.broken(error ?? Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }));
  };

  const socket = connect({
    ...address,
    noDelay: true,
    onread: {
      // One buffer for all reads, and no stream in between: most of what a call costs would be that.
      buffer: Buffer.allocUnsafeSlow(READ_BYTES),
      callback(length, buffer) {
        if (gone) return true;
        if (!reader.feed(buffer as Buffer, length))
          leave(Object.assign(new Error('the answer is no sound HTTP'), { code: 'EBADANSWER' }));
        // Not before all that came is read: what follows an answer is not the next one.
        else if (freed && !gone) {
          freed = false;
          onFree();
        }
        return true;
      },
    },
  });

  reader = createAnswerReader({
    head: (status, headers) => exchange?.head(status, headers),
    body: (bytes) => exchange?.body(bytes),
    end(closes) {
      const ended = exchange;
      exchange = null;
      if (closes || !ended?.isSent) {
        gone = true;
        socket.destroySoon();
        onGone();
      } else {
        if (socket.isPaused()) socket.resume();
        freed = true;
      }
      ended?.end(closes);
    },
  });

  socket.on('error', (error) => leave(error));
  const onEnd = (): void => {
    if (!gone && exchange && reader.endOfStream()) return;
    leave(null);
  };
  socket.on('end', onEnd);
  socket.on('close', onEnd);

  return {
    run(next) {
      exchange = next;
      reader.expect(next.method);
      next.start(socket);
    },
    pause: () => void socket.pause(),
    resume() {
      if (socket.isPaused()) socket.resume();
    },
    destroy: () => leave(null),
  };
}
