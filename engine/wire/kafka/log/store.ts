import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  unlinkSync,
  writeSync,
} from 'node:fs';

/** Where the bytes of one segment are: a file, or memory. */
export interface Store {
  readonly size: number;
  append(bytes: Buffer): void;
  /**
   * At most so many bytes from there. Memory may give fewer, but always up to the end of what was appended at once, so a
   * batch that begins there is whole if `length` covers it.
   */
  read(position: number, length: number): Buffer;
  truncate(size: number): void;
  /** Calls back when all that was appended is on the disk. */
  flush(done: (error: Error | null) => void): void;
  flushSync(): void;
  close(): void;
  /** Closes, and lets the bytes go. */
  remove(): void;
}

export class FileStore implements Store {
  readonly #path: string;
  readonly #descriptor: number;
  #size: number;
  #flushes = 0;
  #isClosed = false;

  /** Makes the file if it is not there. */
  constructor(path: string) {
    this.#path = path;
    // Read and append, whether the file is there or not.
    this.#descriptor = openSync(path, 'a+');
    this.#size = fstatSync(this.#descriptor).size;
  }

  get size(): number {
    return this.#size;
  }

  append(bytes: Buffer): void {
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#descriptor, bytes, at);
    } catch (error) {
      // What is there in part must not stand between this and the next.
      this.truncate(this.#size);
      throw error;
    }
    this.#size += bytes.length;
  }

  read(position: number, length: number): Buffer {
    const wanted = Math.max(0, Math.min(length, this.#size - position));
    const bytes = Buffer.allocUnsafe(wanted);
    let at = 0;
    while (at < wanted) {
      const read = readSync(this.#descriptor, bytes, at, wanted - at, position + at);
      if (read === 0) break;
      at += read;
    }
    return bytes.subarray(0, at);
  }

  truncate(size: number): void {
    ftruncateSync(this.#descriptor, size);
    this.#size = size;
  }

  flush(done: (error: Error | null) => void): void {
    this.#flushes += 1;
    fdatasync(this.#descriptor, (error) => {
      this.#flushes -= 1;
      if (this.#isClosed && this.#flushes === 0) closeSync(this.#descriptor);
      done(error);
    });
  }

  flushSync(): void {
    fdatasyncSync(this.#descriptor);
  }

  /** A flush that is under way keeps the file open until it is over. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (this.#flushes === 0) closeSync(this.#descriptor);
  }

  remove(): void {
    this.close();
    unlinkSync(this.#path);
  }
}

const FIRST_SLAB_BYTES = 4096;
const MAX_SLAB_BYTES = 1024 * 1024;

/** Slabs that grow; what is appended at once lies in one of them. */
export class MemoryStore implements Store {
  #slabs: { from: number; bytes: Buffer; used: number }[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  append(bytes: Buffer): void {
    let slab = this.#slabs.at(-1);
    if (!slab || slab.used + bytes.length > slab.bytes.length) {
      const twice = slab ? Math.min(2 * slab.bytes.length, MAX_SLAB_BYTES) : FIRST_SLAB_BYTES;
      slab = { from: this.#size, bytes: Buffer.allocUnsafeSlow(Math.max(twice, bytes.length)), used: 0 };
      this.#slabs.push(slab);
    }
    bytes.copy(slab.bytes, slab.used);
    slab.used += bytes.length;
    this.#size += bytes.length;
  }

  read(position: number, length: number): Buffer {
    let [low, high] = [0, this.#slabs.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#slabs[middle] as { from: number }).from <= position) low = middle;
      else high = middle - 1;
    }
    const slab = this.#slabs[low];
    if (!slab) return Buffer.alloc(0);
    const at = position - slab.from;
    return slab.bytes.subarray(at, Math.min(at + length, slab.used));
  }

  truncate(size: number): void {
    this.#slabs = this.#slabs.filter(({ from }) => from < size);
    const last = this.#slabs.at(-1);
    // Answers that are on their way may still name its bytes, so they are not written over.
    if (last) last.bytes = Buffer.from(last.bytes.subarray(0, size - last.from));
    if (last) last.used = last.bytes.length;
    this.#size = size;
  }

  flush(done: (error: Error | null) => void): void {
    done(null);
  }

  flushSync(): void {}

  close(): void {}

  remove(): void {
    this.#slabs = [];
  }
}
