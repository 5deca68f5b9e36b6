import { FRAME_END, FRAME_HEADER_BYTES } from './constants.ts';

/** So much is collected before a new piece begins. */
const PIECE_BYTES = 64 * 1024;
const FIRST_PIECE_BYTES = 4 * 1024;
/** Larger parts are not copied but sent from where they are. */
const COPY_LIMIT_BYTES = 8 * 1024;
/** Strings up to here are written without a call into the runtime. */
const SHORTEST_WRITE = 16;
const TWO_32 = 2 ** 32;

/** The bytes of a message's body, or of parts of it: short ones as one-byte strings, which cost least. */
export type Bytes = string | Buffer;

/** Collects what a peer is to get, so that all of one turn of the event loop goes out in one write. */
export class Output {
  #pieces: Buffer[] = [];
  #piecesBytes = 0;
  #buffer: Buffer = Buffer.allocUnsafe(FIRST_PIECE_BYTES);
  /** Where what is not in `#pieces` begins. */
  #from = 0;
  #at = 0;

  get bytes(): number {
    return this.#piecesBytes + this.#at - this.#from;
  }

  /** Begins a frame of at most so many bytes of payload, all of which must be written; returns what `end` asks for. */
  begin(type: number, channel: number, maxPayloadBytes: number): number {
    this.#reserve(FRAME_HEADER_BYTES + maxPayloadBytes + 1);
    const start = this.#at;
    this.#buffer[start] = type;
    this.#buffer[start + 1] = channel >>> 8;
    this.#buffer[start + 2] = channel;
    this.#at = start + FRAME_HEADER_BYTES;
    return start;
  }

  end(start: number): void {
    this.#buffer.writeUInt32BE(this.#at - start - FRAME_HEADER_BYTES, start + 3);
    this.#buffer[this.#at] = FRAME_END;
    this.#at += 1;
  }

  /** A whole frame, whose payload is a part of the given bytes. */
  frame(type: number, channel: number, payload: Bytes, from: number, to: number): void {
    const size = to - from;
    if (size <= COPY_LIMIT_BYTES) {
      const start = this.begin(type, channel, size);
      if (typeof payload === 'string')
        this.latin1(from === 0 && to === payload.length ? payload : payload.slice(from, to));
      else this.#at += payload.copy(this.#buffer, this.#at, from, to);
      this.end(start);
      return;
    }
    const start = this.begin(type, channel, 0);
    this.#buffer.writeUInt32BE(size, start + 3);
    this.#insert(typeof payload === 'string' ? Buffer.from(payload.slice(from, to), 'latin1') : payload.subarray(from, to));
    this.octet(FRAME_END);
  }

  octet(value: number): void {
    this.#buffer[this.#at] = value;
    this.#at += 1;
  }

  short(value: number): void {
    this.#buffer[this.#at] = value >>> 8;
    this.#buffer[this.#at + 1] = value;
    this.#at += 2;
  }

  long(value: number): void {
    this.#at = this.#buffer.writeUInt32BE(value, this.#at);
  }

  longlong(value: number): void {
    this.long(Math.floor(value / TWO_32));
    this.long(value % TWO_32);
  }

  latin1(text: string): void {
    const { length } = text;
    if (length > SHORTEST_WRITE) this.#at += this.#buffer.write(text, this.#at, length, 'latin1');
    else {
      const buffer = this.#buffer;
      let at = this.#at;
      for (let place = 0; place < length; place += 1) {
        buffer[at] = text.charCodeAt(place);
        at += 1;
      }
      this.#at = at;
    }
  }

  shortstr(text: string): void {
    this.octet(text.length);
    this.latin1(text);
  }

  longstr(text: string): void {
    this.long(text.length);
    this.latin1(text);
  }

  /** All that was collected; the output is empty afterwards. */
  drain(): Buffer[] {
    this.#closePiece();
    const pieces = this.#pieces;
    this.#pieces = [];
    this.#piecesBytes = 0;
    return pieces;
  }

  #reserve(bytes: number): void {
    if (this.#at + bytes <= this.#buffer.length) return;
    this.#closePiece();
    const isFirst = this.#pieces.length === 0 && bytes <= FIRST_PIECE_BYTES;
    this.#buffer = Buffer.allocUnsafe(isFirst ? FIRST_PIECE_BYTES : Math.max(PIECE_BYTES, bytes));
    this.#from = 0;
    this.#at = 0;
  }

  #closePiece(): void {
    if (this.#at === this.#from) return;
    this.#pieces.push(this.#buffer.subarray(this.#from, this.#at));
    this.#piecesBytes += this.#at - this.#from;
    this.#from = this.#at;
  }

  #insert(bytes: Buffer): void {
    this.#closePiece();
    this.#pieces.push(bytes);
    this.#piecesBytes += bytes.length;
  }
}
