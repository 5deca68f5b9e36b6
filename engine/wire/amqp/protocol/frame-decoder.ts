import { FRAME_END, FRAME_HEADER_BYTES, FRAME_MIN_SIZE_BYTES } from './constants.ts';

/** So many pieces are put together, whether the frame is whole or not: each costs more than its bytes. */
const MAX_PIECES = 64;
/** How a connection begins: `AMQP` and four octets. */
const PROTOCOL_HEADER_BYTES = 8;

/** What is wrong with a frame, with what RabbitMQ tells of it. */
export class BadFrame {
  readonly type: number;
  readonly channel: number;
  readonly payload: Buffer;
  readonly what: string;

  constructor(type: number, channel: number, payload: Buffer, what: string) {
    this.type = type;
    this.channel = channel;
    this.payload = payload;
    this.what = what;
  }
}

/** Takes the frames of one connection out of its bytes, whatever pieces they come in. */
export class FrameDecoder {
  /** Payloads are allowed to be as long as RabbitMQ allows, which is a little more than was agreed on. */
  frameMax = FRAME_MIN_SIZE_BYTES;
  /** The frame that `next` has found: its payload lies in `buffer` from `start` to `end`. */
  type = 0;
  channel = 0;
  start = 0;
  end = 0;
  buffer: Buffer = Buffer.alloc(0);
  #at = 0;
  #incoming: Buffer[] = [];
  #incomingBytes = 0;

  push(chunk: Buffer): void {
    this.#incoming.push(chunk);
    this.#incomingBytes += chunk.length;
    if (this.#incoming.length > MAX_PIECES) this.#join();
  }

  /** Bytes that were received and not taken. */
  get waitingBytes(): number {
    return this.buffer.length - this.#at + this.#incomingBytes;
  }

  /** The first bytes of a connection, or null until they are all there. */
  protocolHeader(): Buffer | null {
    if (!this.#has(PROTOCOL_HEADER_BYTES)) return null;
    this.#at += PROTOCOL_HEADER_BYTES;
    return this.buffer.subarray(this.#at - PROTOCOL_HEADER_BYTES, this.#at);
  }

  /** True when there is a frame, null when its end is not there yet; after a `BadFrame` nothing can be read. */
  next(): true | null | BadFrame {
    if (!this.#has(FRAME_HEADER_BYTES)) return null;
    const type = this.buffer[this.#at] as number;
    const channel = this.buffer.readUInt16BE(this.#at + 1);
    const size = this.buffer.readUInt32BE(this.#at + 3);
    if (size > this.frameMax)
      return new BadFrame(type, channel, Buffer.alloc(0), `{frame_too_large,${size},${this.frameMax - 8}}`);
    if (!this.#has(FRAME_HEADER_BYTES + size + 1)) return null;
    this.type = type;
    this.channel = channel;
    this.start = this.#at + FRAME_HEADER_BYTES;
    this.end = this.start + size;
    this.#at = this.end + 1;
    const marker = this.buffer[this.end];
    if (marker === FRAME_END) return true;
    return new BadFrame(
      type,
      channel,
      this.buffer.subarray(this.start, this.end),
      `{invalid_frame_end_marker,${marker}}`,
    );
  }

  #has(bytes: number): boolean {
    if (this.buffer.length - this.#at >= bytes) return true;
    if (this.waitingBytes < bytes) return false;
    this.#join();
    return true;
  }

  #join(): void {
    const rest = this.buffer.subarray(this.#at);
    const [only] = this.#incoming;
    this.buffer =
      rest.length === 0 && only && this.#incoming.length === 1 ? only : Buffer.concat([rest, ...this.#incoming]);
    this.#at = 0;
    this.#incoming = [];
    this.#incomingBytes = 0;
  }
}
