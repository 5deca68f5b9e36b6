import type { Bytes } from './bytes.ts';

/** So much is collected before a new piece begins. */
const PIECE_BYTES = 64 * 1024;
const FIRST_PIECE_BYTES = 4 * 1024;
/** Longer parts are not copied but taken from where they are. */
const COPY_LIMIT_BYTES = 8 * 1024;
/** Strings up to here are written without a call into the runtime. */
const SHORTEST_WRITE = 16;
const TWO_32 = 2 ** 32;

/** Collects values of the protocol as bytes, in few large pieces. Room must be reserved before values are written. */
export class Writer {
  #pieces: Buffer[] = [];
  #piecesBytes = 0;
  #buffer: Buffer = Buffer.allocUnsafe(FIRST_PIECE_BYTES);
  /** Where what is not in `#pieces` begins. */
  #from = 0;
  #at = 0;

  get length(): number {
    return this.#piecesBytes + this.#at - this.#from;
  }

  /** Makes room for so many bytes in one piece. */
  reserve(bytes: number): void {
    if (this.#at + bytes <= this.#buffer.length) return;
    this.#closePiece();
    const isFirst = this.#pieces.length === 0 && bytes <= FIRST_PIECE_BYTES;
    this.#buffer = Buffer.allocUnsafe(isFirst ? FIRST_PIECE_BYTES : Math.max(PIECE_BYTES, bytes));
    this.#from = 0;
    this.#at = 0;
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

  /** Any number of bytes, for which no room need be reserved; but what follows needs some again. */
  bytes(bytes: Bytes, from: number, to: number): void {
    const size = to - from;
    const isWhole = from === 0 && to === bytes.length;
    if (size > COPY_LIMIT_BYTES) {
      this.#closePiece();
      const piece = typeof bytes === 'string' ? Buffer.from(bytes.slice(from, to), 'latin1') : bytes.subarray(from, to);
      this.#pieces.push(piece);
      this.#piecesBytes += size;
      return;
    }
    this.reserve(size);
    if (typeof bytes === 'string') this.latin1(isWhole ? bytes : bytes.slice(from, to));
    else this.#at += bytes.copy(this.#buffer, this.#at, from, to);
  }

  /** Leaves four bytes open, for `fillLong`, which must follow before anything moves to another piece. */
  openLong(): number {
    this.#at += 4;
    return this.#at;
  }

  /** Writes there how many bytes have come since. */
  fillLong(opened: number): void {
    this.#buffer.writeUInt32BE(this.#at - opened, opened - 4);
  }

  /** All that was collected; the writer is empty afterwards. */
  drain(): Buffer[] {
    this.#closePiece();
    const pieces = this.#pieces;
    this.#pieces = [];
    this.#piecesBytes = 0;
    return pieces;
  }

  #closePiece(): void {
    if (this.#at === this.#from) return;
    this.#pieces.push(this.#buffer.subarray(this.#from, this.#at));
    this.#piecesBytes += this.#at - this.#from;
    this.#from = this.#at;
  }
}
