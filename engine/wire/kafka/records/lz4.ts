import { CompressionError } from './compression-error.ts';

const MAGIC = 0x184d2204;
const VERSION = 1;

/** The frame format of LZ4, with blocks that may refer to those before. Checksums are skipped: the batch has its own. */
export function decompressLz4(bytes: Buffer, maxBytes: number): Buffer {
  if (bytes.length < 7 || bytes.readUInt32LE(0) !== MAGIC) throw new CompressionError('lz4');
  const flags = bytes[4] as number;
  if (flags >> 6 !== VERSION || flags & 1) throw new CompressionError('lz4');
  const [hasBlockChecksum, hasSize] = [(flags & 0x10) !== 0, (flags & 0x08) !== 0];
  const out = new Output(maxBytes);
  let at = 7 + (hasSize ? 8 : 0);
  for (;;) {
    if (bytes.length - at < 4) throw new CompressionError('lz4');
    const word = bytes.readUInt32LE(at);
    at += 4;
    if (word === 0) return out.finish();
    const length = word & 0x7fff_ffff;
    if (length > bytes.length - at) throw new CompressionError('lz4');
    const block = bytes.subarray(at, at + length);
    if (word >>> 31) out.literals(block, 0, length);
    else decompressBlock(block, out);
    at += length + (hasBlockChecksum ? 4 : 0);
  }
}

function decompressBlock(block: Buffer, out: Output): void {
  let at = 0;
  const next = (): number => {
    if (at >= block.length) throw new CompressionError('lz4');
    return block[at++] as number;
  };
  const extended = (nibble: number): number => {
    let length = nibble;
    if (nibble === 15)
      for (let byte = 255; byte === 255; ) {
        byte = next();
        length += byte;
      }
    return length;
  };
  while (at < block.length) {
    const token = next();
    const literals = extended(token >> 4);
    if (literals > block.length - at) throw new CompressionError('lz4');
    out.literals(block, at, literals);
    at += literals;
    if (at === block.length) return;
    const back = next() | (next() << 8);
    out.copy(back, extended(token & 15) + 4);
  }
}

/** Grows as bytes come, up to its limit. */
class Output {
  readonly #maxBytes: number;
  #bytes = Buffer.allocUnsafe(64 * 1024);
  #length = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  literals(from: Buffer, at: number, count: number): void {
    this.#room(count);
    from.copy(this.#bytes, this.#length, at, at + count);
    this.#length += count;
  }

  copy(back: number, count: number): void {
    if (back === 0 || back > this.#length) throw new CompressionError('lz4');
    this.#room(count);
    const bytes = this.#bytes;
    for (let i = 0, to = this.#length; i < count; i += 1, to += 1) bytes[to] = bytes[to - back] as number;
    this.#length += count;
  }

  finish(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  #room(count: number): void {
    const needed = this.#length + count;
    if (needed > this.#maxBytes) throw new CompressionError('lz4');
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.min(this.#maxBytes, Math.max(needed, 2 * this.#bytes.length)));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}
