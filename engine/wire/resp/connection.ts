import type { Socket } from 'node:net';
import { createDecoder, type DecoderLimits } from './decoder.ts';
import { ProtocolError } from './errors.ts';
import { encode, type Reply } from './reply.ts';
import type { Session } from './session.ts';

/** While so much of the answers is not taken by the client, its further requests wait. */
const MAX_UNSENT_BYTES = 1024 * 1024;
/** A subscriber that is so much behind is cut off; Redis' `client-output-buffer-limit pubsub`. */
const MAX_PUSHED_BYTES = 32 * 1024 * 1024;

/** Answers that took so long together are sent without those that follow in the same turn. */
const SLOW_MS = 0.2;
/** The clock is looked at after so many, and after twice as many each time that they were quick. */
const FIRST_LOOK = 4;
/** Requests that take so long each, such as scripts, are answered at once: what else comes in the same turn may take as long. */
const DEAR_MS = 0.005;

/** What a browser sends that was led here by a hostile page: nobody who speaks this protocol. */
const isNotForUs = (name: string): boolean =>
  (name.length === 4 && (name.charCodeAt(0) | 32) === 112 && name.toLowerCase() === 'post') ||
  (name.length === 5 && name.charCodeAt(4) === 58 && name.toLowerCase() === 'host:');

/**
 * Serves one connection: answers in the order of the requests, all answers of one turn of the event loop in one write.
 * Neither a client that sends without end nor one that never reads makes it hold more than the limits.
 */
export function serveConnection(options: {
  socket: Socket;
  session: Session;
  limits: DecoderLimits;
  execute(args: string[]): Reply | Promise<Reply>;
  /** Whether the arguments of the command of this name are let go of once it is answered. */
  keepsNothing(name: string): boolean;
  /** Calls back when what was answered so far may be sent: at the end of the turn, at once if it is late, or when it is on the disk. */
  whenDurable(send: () => void, late: boolean): void;
  /** Sends what was answered so far, unless it must be on the disk first. */
  sendNow(): void;
  onBytes(read: number, written: number): void;
  onClose(): void;
}): void {
  const { socket, session, onBytes } = options;
  const decoder = createDecoder(options.limits, options.keepsNothing);
  let unsent = '';
  /** A request is under way that is not answered at once. */
  let blocked = false;
  let ended = false;
  let scheduled = false;

  const send = (): void => {
    scheduled = false;
    if (ended) return;
    if (unsent !== '') {
      onBytes(0, unsent.length);
      socket.write(unsent, 'latin1');
      unsent = '';
    }
    if (session.closing && !blocked) {
      ended = true;
      socket.end();
    }
  };

  const flush = (late = false): void => {
    if (scheduled) return;
    scheduled = true;
    options.whenDurable(send, late);
  };

  const congested = (): boolean => unsent.length + socket.writableLength > MAX_UNSENT_BYTES;

  const answer = (reply: Reply): void => {
    if (session.replies === 'on' || reply instanceof ProtocolError) unsent += encode(reply, session.protocol);
    else if (session.replies === 'skip' && session.lastCommand !== 'client') session.replies = 'on';
  };

  /** Whether its requests were dear. */
  const serve = (): boolean => {
    // What the socket holds does not change while requests are served.
    const held = socket.writableLength;
    const startMs = performance.now();
    let fromMs = startMs;
    let served = 0;
    let lookAt = FIRST_LOOK;
    while (!ended && !blocked && !session.closing && unsent.length + held <= MAX_UNSENT_BYTES) {
      const request = decoder.next();
      if (request === null) break;
      if (isNotForUs(request[0] as string)) {
        socket.destroy();
        return false;
      }
      const reply = options.execute(request);
      if (reply instanceof Promise) {
        blocked = true;
        void reply.then((later) => {
          blocked = false;
          answer(later);
          advance();
        });
      } else answer(reply);
      served += 1;
      // The client can go on with the first answers while the others are still in the making.
      if (served < lookAt) continue;
      const nowMs = performance.now();
      const slow = nowMs - fromMs > SLOW_MS;
      if (slow && unsent !== '') flush(true);
      if (slow) fromMs = nowMs;
      lookAt = slow ? served + FIRST_LOOK : served * 2;
    }
    return performance.now() - startMs > DEAR_MS * served;
  };

  const advance = (): void => {
    if (ended || socket.destroyed) return;
    let dear = false;
    try {
      dear = serve();
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      answer(error);
      session.closing = true;
    }
    if (unsent !== '' || session.closing) flush(dear);
    // Bytes that cannot be served now are left where they are, in the end at their sender.
    if (congested()) socket.pause();
    else if (socket.isPaused()) socket.resume();
  };

  session.push = (reply) => {
    if (ended) return;
    unsent += encode(reply, session.protocol);
    if (unsent.length + socket.writableLength > MAX_PUSHED_BYTES) {
      ended = true;
      unsent = '';
      socket.destroy();
    } else if (!scheduled) {
      scheduled = true;
      process.nextTick(options.whenDurable, send, false);
    }
  };
  session.kill = () => {
    ended = true;
    socket.destroy();
  };

  socket.setNoDelay(true);
  socket.on('data', (chunk) => {
    onBytes(chunk.length, 0);
    decoder.push(chunk);
    advance();
  });
  // Before the socket ends its other half, after which nothing can be sent.
  socket.prependListener('end', options.sendNow);
  socket.on('drain', advance);
  // Its close follows.
  socket.on('error', () => {});
  socket.on('close', () => {
    ended = true;
    options.onClose();
  });
}
