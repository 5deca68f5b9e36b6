import { ProtocolError } from '../protocol/errors.ts';

const LENGTH_BYTES = 4;

/** Cuts what comes on a connection into frames. Holds no more than came, and refuses a length before its bytes come. */
export class Frames {
  readonly #maxBytes: number;
  #chunks: Buffer[] = [];
  /** Bytes of the chunks that are not given out yet. */
  held = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.held += chunk.length;
  }

  /** The next frame, or null if it is not there whole. Fails where its length is none. */
  next(): Buffer | null {
    if (this.held < LENGTH_BYTES) return null;
    const length = this.#peekLength();
    if (length <= 0 || length > this.#maxBytes) throw new ProtocolError(`a request of ${length} bytes`);
    if (this.held < LENGTH_BYTES + length) return null;
    this.#take(LENGTH_BYTES);
    return this.#take(length);
  }

  #peekLength(): number {
    const [first] = this.#chunks as [Buffer];
    if (first.length >= LENGTH_BYTES) return first.readInt32BE(0);
    const joined = Buffer.concat(this.#chunks);
    this.#chunks = [joined];
    return joined.readInt32BE(0);
  }

  #take(bytes: number): Buffer {
    const [first] = this.#chunks as [Buffer];
    this.held -= bytes;
    if (first.length >= bytes) {
      if (first.length === bytes) this.#chunks.shift();
      else this.#chunks[0] = first.subarray(bytes);
      return first.subarray(0, bytes);
    }
    const all = Buffer.concat(this.#chunks);
    this.#chunks = all.length > bytes ? [all.subarray(bytes)] : [];
    return all.subarray(0, bytes);
  }
}
