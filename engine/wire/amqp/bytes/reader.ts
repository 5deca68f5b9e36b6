import { isUtf8 } from 'node:buffer';
import { MalformedError } from './malformed.ts';

const TWO_32 = 2 ** 32;
/** Short strings up to here are put together without a call into the runtime. */
const SHORTEST_SLICE = 8;

/** Reads values of the protocol from a stretch of bytes, and never beyond its end. Strings are one-byte (latin1) strings. */
export class Reader {
  readonly buffer: Buffer;
  at: number;
  readonly end: number;

  constructor(buffer: Buffer, start: number, end: number) {
    this.buffer = buffer;
    this.at = start;
    this.end = end;
  }

  /** The place of so many bytes, which are taken. */
  take(bytes: number): number {
    const { at } = this;
    if (bytes > this.end - at) throw new MalformedError('more bytes are promised than there are');
    this.at = at + bytes;
    return at;
  }

  octet(): number {
    return this.buffer[this.take(1)] as number;
  }

  short(): number {
    const at = this.take(2);
    return this.buffer.readUInt16BE(at);
  }

  long(): number {
    const at = this.take(4);
    return this.buffer.readUInt32BE(at);
  }

  /** Beyond 2^53 as near as a number comes. */
  longlong(): number {
    const at = this.take(8);
    return this.buffer.readUInt32BE(at) * TWO_32 + this.buffer.readUInt32BE(at + 4);
  }

  latin1(bytes: number): string {
    const at = this.take(bytes);
    if (bytes > SHORTEST_SLICE) return this.buffer.toString('latin1', at, at + bytes);
    let text = '';
    for (let place = at; place < at + bytes; place += 1) text += String.fromCharCode(this.buffer[place] as number);
    return text;
  }

  /** Any bytes. */
  shortstr(): string {
    return this.latin1(this.octet());
  }

  /** One that must be UTF-8. */
  text(): string {
    const bytes = this.octet();
    const at = this.take(bytes);
    for (let place = at; place < this.at; place += 1)
      if ((this.buffer[place] as number) > 127) {
        if (!isUtf8(this.buffer.subarray(at, this.at))) throw new MalformedUtf8Error('Malformed UTF-8 in shortstr');
        break;
      }
    this.at = at;
    return this.latin1(bytes);
  }

  longstr(): string {
    return this.latin1(this.long());
  }

  get isAtEnd(): boolean {
    return this.at === this.end;
  }
}

export class MalformedUtf8Error extends MalformedError {}
