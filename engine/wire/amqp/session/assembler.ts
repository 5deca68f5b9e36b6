import { asBytes, type Bytes, bytesOf } from '../bytes/bytes.ts';
import { MalformedError } from '../bytes/malformed.ts';
import type { Reader } from '../bytes/reader.ts';
import { NO_METHOD, preconditionFailed, unexpectedFrame } from '../protocol/errors.ts';
import { type MethodArguments, methodOf } from '../protocol/methods.ts';

const NOTHING = Buffer.alloc(0);
const FIRST_BYTES = 64 * 1024;
const TWO_53 = 2 ** 53;
const publishing = methodOf('basic.publish');

export interface Content {
  publish: MethodArguments<'basic.publish'>;
  /** As the wire has them, from their flags on. */
  properties: string;
  body: Bytes;
}

/** Puts the method, the header and the bodies of one message together. */
export class Assembler {
  readonly #maxBodyBytes: number;
  #publish: MethodArguments<'basic.publish'> | null = null;
  #properties: string | null = null;
  #size = 0;
  /** What is there of the body, and how much of it is. */
  #body = NOTHING;
  #bytes = 0;

  constructor(maxBodyBytes: number) {
    this.#maxBodyBytes = maxBodyBytes;
  }

  /** A message is begun and not whole; then nothing but its parts may come. */
  get isBusy(): boolean {
    return this.#publish !== null;
  }

  /** Of the message that is begun. */
  get heldBytes(): number {
    return this.#body.length;
  }

  begin(publish: MethodArguments<'basic.publish'>): void {
    this.#publish = publish;
  }

  /** The whole message, if it has no body. */
  header(reader: Reader): Content | null {
    if (this.#publish === null || this.#properties !== null) throw this.unexpected();
    const classId = reader.short();
    const weight = reader.short();
    const size = reader.longlong();
    if (classId !== publishing.classId)
      throw unexpectedFrame(
        `expected content header for class ${publishing.classId}, got one for class ${classId} instead`,
      );
    if (weight !== 0) throw this.unexpected();
    if (size >= TWO_53) throw new MalformedError('the body is longer than anything can be');
    if (size > this.#maxBodyBytes)
      throw preconditionFailed(`message size ${size} is larger than configured max size ${this.#maxBodyBytes}`);
    this.#properties = reader.latin1(reader.end - reader.at);
    this.#size = size;
    return size === 0 ? this.#finish('') : null;
  }

  /** The whole message, if this was the last part of its body. */
  body(buffer: Buffer, start: number, end: number): Content | null {
    if (this.#properties === null) throw this.unexpected();
    const needed = this.#bytes + end - start;
    if (needed > this.#size) throw unexpectedFrame('content body is longer than its header says');
    if (this.#bytes === 0 && needed === this.#size) return this.#finish(bytesOf(buffer, start, end));
    // What is kept grows with what comes, not with what was promised.
    if (needed > this.#body.length) {
      const grown = Buffer.allocUnsafeSlow(Math.min(this.#size, Math.max(FIRST_BYTES, needed, 2 * this.#bytes)));
      this.#body.copy(grown, 0, 0, this.#bytes);
      this.#body = grown;
    }
    buffer.copy(this.#body, this.#bytes, start, end);
    this.#bytes = needed;
    if (needed < this.#size) return null;
    return this.#finish(asBytes(this.#body));
  }

  /** What RabbitMQ says of a frame that is not the one that must come now. */
  unexpected() {
    if (this.#publish === null)
      return unexpectedFrame('expected method frame, got non method frame instead', NO_METHOD);
    const what =
      this.#properties === null
        ? `expected content header for class ${publishing.classId}, got non content header frame instead`
        : 'expected content body, got non content body frame instead';
    return unexpectedFrame(what, publishing);
  }

  /** Forgets what is begun; returns what it held. */
  drop(): number {
    const { heldBytes } = this;
    this.#reset();
    return heldBytes;
  }

  #reset(): void {
    this.#publish = null;
    this.#properties = null;
    this.#body = NOTHING;
    this.#bytes = 0;
  }

  #finish(body: Bytes): Content {
    const content = {
      publish: this.#publish as MethodArguments<'basic.publish'>,
      properties: this.#properties as string,
      body,
    };
    this.#reset();
    return content;
  }
}
