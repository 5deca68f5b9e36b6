import type { Socket } from 'node:net';
import { BadFrame, FrameDecoder } from '../protocol/frame-decoder.ts';
import { Output } from '../protocol/output.ts';

/** While so much is not taken by the client, its consumers get nothing more … */
const MAX_UNSENT_BYTES = 1024 * 1024;
/** … and while it is so much, its requests wait too. */
const MAX_UNREAD_BYTES = 8 * MAX_UNSENT_BYTES;

/** Who looks at what has come. */
export interface FrameHandler {
  /** The first eight bytes. */
  protocolHeader(header: Buffer): void;
  /** So much later is looked at what has come. */
  delayMs(): number;
  /** A frame lies in the decoder. */
  frame(decoder: FrameDecoder): void;
  badFrame(frame: BadFrame): void;
  /** The last moment to write something before all is sent. */
  beforeFlush(): void;
  /** There is room again for what was held back. */
  eased(): void;
  /** Something was thrown that is an error of ours. */
  defect(error: unknown): void;
  closed(): void;
}

/**
 * The bytes of one connection: frames in, and all that was written in one turn of the event loop out in one write. Neither a
 * client that sends without end nor one that never reads makes it hold more than the limits.
 */
export class Transport {
  readonly output = new Output();
  readonly decoder = new FrameDecoder();
  receivedBytes = 0;
  sentBytes = 0;
  readonly #socket: Socket;
  readonly #handler: FrameHandler;
  readonly #name: string;
  #hasBegun = false;
  #isHeld = false;
  /** What came later than it was sent to, and when the last of it is looked at. */
  #late = 0;
  #lateUntilMs = 0;
  #isEnded = false;
  #isScheduled = false;
  /** Something was held back because too much is unsent. */
  #isStarving = false;

  constructor(socket: Socket, handler: FrameHandler) {
    this.#socket = socket;
    this.#handler = handler;
    this.#name = `${socket.remoteAddress}:${socket.remotePort} -> ${socket.localAddress}:${socket.localPort}`;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => {
      if (this.#isEnded) return;
      this.receivedBytes += chunk.length;
      const delayMs = handler.delayMs();
      if (delayMs > 0 || this.#late > 0) this.#takeLater(chunk, delayMs);
      else this.#take(chunk);
    });
    socket.on('drain', () => this.#ease());
    // Its close follows.
    socket.on('error', () => {});
    socket.on('close', () => handler.closed());
  }

  /** Both ends. */
  get name(): string {
    return this.#name;
  }

  get unsentBytes(): number {
    return this.output.length + this.#socket.writableLength;
  }

  /** More than enough waits to be sent; `eased` is called when that is over. */
  isCongested(): boolean {
    const isCongested = this.unsentBytes > MAX_UNSENT_BYTES;
    if (isCongested) this.#isStarving = true;
    return isCongested;
  }

  /** Whether what comes is left where it is. */
  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    if (!isHeld) this.#advance();
  }

  flushLater(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    process.nextTick(() => this.flush());
  }

  flush(): void {
    this.#isScheduled = true;
    this.#handler.beforeFlush();
    this.#isScheduled = false;
    const pieces = this.output.drain();
    if (pieces.length === 0 || this.#socket.destroyed) return;
    if (pieces.length > 1) this.#socket.cork();
    for (const piece of pieces) {
      this.sentBytes += piece.length;
      this.#socket.write(piece);
    }
    if (pieces.length > 1) this.#socket.uncork();
    if (this.#isStarving) this.#ease();
  }

  /** Sends what there is, and nothing more; what still comes is not looked at. */
  end(): void {
    this.#isEnded = true;
    this.flush();
    this.#socket.end();
    this.#socket.resume();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.decoder.push(chunk);
    this.#advance();
  }

  /** In the order in which it came. */
  #takeLater(chunk: Buffer, delayMs: number): void {
    const nowMs = performance.now();
    this.#lateUntilMs = Math.max(this.#lateUntilMs, nowMs + delayMs);
    this.#late += 1;
    setTimeout(() => {
      this.#late -= 1;
      if (!this.#isEnded && !this.#socket.destroyed) this.#take(chunk);
    }, this.#lateUntilMs - nowMs);
  }

  #ease(): void {
    if (this.#isStarving && this.unsentBytes <= MAX_UNSENT_BYTES) {
      this.#isStarving = false;
      this.#handler.eased();
    }
    this.#advance();
  }

  #mustWait(): boolean {
    return this.#isHeld || this.unsentBytes > MAX_UNREAD_BYTES;
  }

  /** Does what has come, as far as it is whole and may be done now. */
  #advance(): void {
    try {
      while (!this.#mustWait() && !this.#isEnded && !this.#socket.destroyed && this.#step());
    } catch (error) {
      this.#handler.defect(error);
    }
    if (this.#isEnded) return;
    // What cannot be done now is left where it is, in the end at its sender.
    if (this.#mustWait()) this.#socket.pause();
    else if (this.#socket.isPaused()) this.#socket.resume();
  }

  /** False until there is more. */
  #step(): boolean {
    if (!this.#hasBegun) {
      const header = this.decoder.protocolHeader();
      if (!header) return false;
      this.#hasBegun = true;
      this.#handler.protocolHeader(header);
      return true;
    }
    const found = this.decoder.next();
    if (found === null) return false;
    if (found instanceof BadFrame) this.#handler.badFrame(found);
    else this.#handler.frame(this.decoder);
    return true;
  }
}
