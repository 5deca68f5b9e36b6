import type { LengthFormat } from './reader.ts';
import type { Records, Uuid } from './values.ts';

/** From this size on bytes are sent as they are and not copied into the message. */
const COPY_BELOW_BYTES = 2048;
const TWO_TO_63 = 2 ** 63;

/** Writes one message into as few buffers as possible. */
export class Writer {
  #buffer: Buffer;
  #at = 0;
  /** Where what is not yet among the parts begins. */
  #from = 0;
  readonly #parts: Buffer[] = [];
  #partBytes = 0;

  constructor(expectedBytes = 256) {
    this.#buffer = Buffer.allocUnsafe(expectedBytes);
  }

  get length(): number {
    return this.#partBytes + this.#at - this.#from;
  }

  int8(value: number): void {
    const at = this.#room(1);
    this.#buffer[at] = value;
  }

  int16(value: number): void {
    const at = this.#room(2);
    this.#buffer.writeInt16BE(value, at);
  }

  int32(value: number): void {
    const at = this.#room(4);
    this.#buffer.writeInt32BE(value, at);
  }

  int64(value: number): void {
    const at = this.#room(8);
    if (value >= TWO_TO_63) this.#buffer.writeBigInt64BE(0x7fff_ffff_ffff_ffffn, at);
    else {
      this.#buffer.writeInt32BE(Math.floor(value / 0x1_0000_0000), at);
      this.#buffer.writeUInt32BE(value - Math.floor(value / 0x1_0000_0000) * 0x1_0000_0000, at + 4);
    }
  }

  uuid(value: Uuid): void {
    const at = this.#room(16);
    this.#buffer.write(value, at, 'hex');
  }

  varint(value: number): void {
    let rest = value;
    while (rest > 0x7f) {
      this.int8((rest & 0x7f) | 0x80);
      rest = Math.floor(rest / 128);
    }
    this.int8(rest);
  }

  /** -1 is null. */
  putLength(value: number, format: LengthFormat): void {
    if (format === 'compact') this.varint(value + 1);
    else if (format === 'short') this.int16(value);
    else this.int32(value);
  }

  count(value: number, flexible: boolean): void {
    this.putLength(value, flexible ? 'compact' : 'long');
  }

  text(value: string, format: LengthFormat): void {
    const bytes = Buffer.byteLength(value);
    this.putLength(bytes, format);
    const at = this.#room(bytes);
    this.#buffer.write(value, at, 'utf8');
  }

  bytes(value: Buffer, format: LengthFormat): void {
    this.putLength(value.length, format);
    this.raw(value);
  }

  records(value: Records, format: LengthFormat): void {
    const parts = Buffer.isBuffer(value) ? [value] : (value as readonly Buffer[]);
    let bytes = 0;
    for (const part of parts) bytes += part.length;
    this.putLength(bytes, format);
    for (const part of parts) this.raw(part);
  }

  /** The bytes alone. They must not change before they are sent. */
  raw(value: Buffer): void {
    if (value.length < COPY_BELOW_BYTES) {
      const at = this.#room(value.length);
      value.copy(this.#buffer, at);
      return;
    }
    this.#cut();
    this.#parts.push(value);
    this.#partBytes += value.length;
  }

  /** All that was written. */
  finish(): Buffer[] {
    this.#cut();
    return this.#parts;
  }

  #cut(): void {
    if (this.#at === this.#from) return;
    this.#parts.push(this.#buffer.subarray(this.#from, this.#at));
    this.#partBytes += this.#at - this.#from;
    this.#from = this.#at;
  }

  #room(bytes: number): number {
    const at = this.#at;
    if (at + bytes > this.#buffer.length) return this.#grow(bytes);
    this.#at = at + bytes;
    return at;
  }

  #grow(bytes: number): number {
    this.#cut();
    this.#buffer = Buffer.allocUnsafe(Math.max(2 * this.#buffer.length, bytes));
    this.#from = 0;
    this.#at = bytes;
    return 0;
  }
}
