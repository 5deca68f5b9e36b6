import { ProtocolError } from './errors.ts';

/** How a length stands on the wire. */
export type LengthFormat = 'compact' | 'short' | 'long';

/** Elements of all arrays of one message together; more is no message of a client. */
const MAX_ELEMENTS = 250_000;

/** Reads one frame. Whatever it holds, it reads no byte beyond it and promises no memory that its bytes do not pay for. */
export class Reader {
  readonly #bytes: Buffer;
  #at: number;
  #elements = 0;

  constructor(bytes: Buffer, at = 0) {
    this.#bytes = bytes;
    this.#at = at;
  }

  get remaining(): number {
    return this.#bytes.length - this.#at;
  }

  int8(): number {
    return this.#bytes.readInt8(this.#take(1));
  }

  int16(): number {
    return this.#bytes.readInt16BE(this.#take(2));
  }

  int32(): number {
    return this.#bytes.readInt32BE(this.#take(4));
  }

  int64(): number {
    const at = this.#take(8);
    return this.#bytes.readInt32BE(at) * 0x1_0000_0000 + this.#bytes.readUInt32BE(at + 4);
  }

  uuid(): string {
    const at = this.#take(16);
    return this.#bytes.toString('hex', at, at + 16);
  }

  /** Unsigned, of 32 bits. */
  varint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#bytes[this.#take(1)] as number;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) {
        if (value > 0xffff_ffff) break;
        return value;
      }
    }
    throw new ProtocolError('a variable-length integer of more than 32 bits');
  }

  /** -1 is null. */
  nullableLength(format: LengthFormat): number {
    const length = format === 'compact' ? this.varint() - 1 : format === 'short' ? this.int16() : this.int32();
    if (length < -1 || length > this.remaining) throw new ProtocolError(`a length of ${length} bytes`);
    return length;
  }

  length(format: LengthFormat): number {
    const length = this.nullableLength(format);
    if (length < 0) throw new ProtocolError('null for a value that must be there');
    return length;
  }

  /** The number of elements, of which each takes `minBytes` at least; -1 is null. */
  count(flexible: boolean, minBytes: number): number {
    const count = flexible ? this.varint() - 1 : this.int32();
    if (count < -1 || count * minBytes > this.remaining) throw new ProtocolError(`an array of ${count} elements`);
    this.#elements += Math.max(count, 0);
    if (this.#elements > MAX_ELEMENTS) throw new ProtocolError('too many elements');
    return count;
  }

  text(length: number): string {
    const at = this.#take(length);
    return this.#bytes.toString('utf8', at, at + length);
  }

  /** Not a copy: the bytes are those of the frame. */
  bytes(length: number): Buffer {
    const at = this.#take(length);
    return this.#bytes.subarray(at, at + length);
  }

  #take(bytes: number): number {
    const at = this.#at;
    if (bytes > this.#bytes.length - at) throw new ProtocolError('a message that ends too early');
    this.#at = at + bytes;
    return at;
  }
}
