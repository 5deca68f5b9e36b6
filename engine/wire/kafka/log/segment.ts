import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Batch, HEADER_BYTES, isWhole } from '../records/batch.ts';
import { SegmentIndex } from './segment-index.ts';
import { FileStore, MemoryStore, type Store } from './store.ts';

const WINDOW_BYTES = 8 * 1024;
const SCAN_BYTES = 256 * 1024;

/** As Kafka calls its files: the first offset in twenty digits. */
export const segmentFile = (directory: string, baseOffset: number, extension: string): string =>
  join(directory, `${String(baseOffset).padStart(20, '0')}.${extension}`);

/** A part of a partition's log: batches one after the other, with an index of some of them. */
export class Segment {
  readonly baseOffset: number;
  readonly store: Store;
  readonly #directory: string | null;
  readonly #indexIntervalBytes: number;
  /** When it was begun, or, of one that was found, the time of its first batch; for rolling by time. */
  readonly createdAtMs: number;
  index: SegmentIndex;
  #sinceIndexed = 0;
  maxTimestamp = -1;
  #maxTimestampOffset: number;

  constructor(options: {
    directory: string | null;
    baseOffset: number;
    indexIntervalBytes: number;
    createdAtMs: number;
    /** It is on the disk already. */
    isFound?: boolean;
    extension?: string;
  }) {
    const { directory, baseOffset } = options;
    this.baseOffset = baseOffset;
    this.#directory = directory;
    this.#indexIntervalBytes = options.indexIntervalBytes;
    this.createdAtMs = options.createdAtMs;
    this.store =
      directory === null
        ? new MemoryStore()
        : new FileStore(segmentFile(directory, baseOffset, options.extension ?? 'log'));
    this.#maxTimestampOffset = baseOffset;
    const found = options.isFound ? this.#readIndex() : null;
    this.index = found ?? new SegmentIndex(baseOffset);
    if (found) {
      this.maxTimestamp = found.last.maxTimestamp;
      this.#maxTimestampOffset = found.last.maxTimestampOffset;
    } else if (options.isFound) this.rebuildIndex();
  }

  get size(): number {
    return this.store.size;
  }

  get maxTimestampOffset(): number {
    return this.#maxTimestampOffset;
  }

  /** Bytes of the batches, whose headers are looked at for the index. */
  append(bytes: Buffer, batches: readonly Batch[]): void {
    const position = this.store.size;
    this.store.append(bytes);
    for (const batch of batches) this.#note(batch, position + batch.at);
  }

  #note(batch: Batch, position: number): void {
    const { maxTimestamp, length } = batch;
    if (maxTimestamp > this.maxTimestamp) {
      this.maxTimestamp = maxTimestamp;
      this.#maxTimestampOffset = batch.lastOffset;
    }
    if (this.#sinceIndexed > this.#indexIntervalBytes) {
      this.index.add(batch.lastOffset, position, this.maxTimestamp, this.#maxTimestampOffset);
      this.#sinceIndexed = 0;
    }
    this.#sinceIndexed += length;
  }

  /** Where the first batch begins that has an offset of at least this one; the size where none has. */
  positionOf(offset: number): number {
    for (let position = this.index.positionBefore(offset); position < this.size; ) {
      const window = this.store.read(position, WINDOW_BYTES);
      if (window.length < HEADER_BYTES) return this.size;
      let at = 0;
      while (at + HEADER_BYTES <= window.length) {
        const batch = new Batch(window, at);
        if (batch.lastOffset >= offset) return position + at;
        at += batch.length;
      }
      position += at;
    }
    return this.size;
  }

  /** Whole batches from the position on, up to another, and no more than so many bytes; but, if asked, one at the least. */
  read(position: number, end: number, maxBytes: number, atLeastOne: boolean): Buffer[] {
    const parts: Buffer[] = [];
    let left = maxBytes;
    for (let from = position; from < end && left > 0; ) {
      let bytes = this.store.read(from, Math.min(end - from, left));
      let whole = wholeBytes(bytes);
      if (whole === 0) {
        if (parts.length > 0 || !atLeastOne) break;
        const header = this.store.read(from, HEADER_BYTES);
        if (header.length < HEADER_BYTES) break;
        bytes = this.store.read(from, new Batch(header, 0).length);
        whole = bytes.length;
      }
      parts.push(bytes.subarray(0, whole));
      from += whole;
      left -= whole;
    }
    return parts;
  }

  /** Whole batches with where they begin. */
  *batches(from = 0): Generator<{ batch: Batch; position: number }> {
    for (let position = from; position < this.size; ) {
      let bytes = this.store.read(position, SCAN_BYTES);
      if (bytes.length < HEADER_BYTES) return;
      if (!isWhole(bytes, 0)) {
        bytes = this.store.read(position, new Batch(bytes, 0).length);
        if (!isWhole(bytes, 0)) return;
      }
      let at = 0;
      while (isWhole(bytes, at)) {
        const batch = new Batch(bytes, at);
        yield { batch, position: position + at };
        at += batch.length;
      }
      position += at;
    }
  }

  truncate(size: number): void {
    this.store.truncate(size);
    this.rebuildIndex();
  }

  /** So that nobody has to read the whole segment to find something in it. */
  writeIndex(): void {
    if (this.#directory === null) return;
    const { offsets, times } = this.index.encode();
    const last = this.index.last;
    writeFileSync(segmentFile(this.#directory, this.baseOffset, 'index'), offsets);
    const isTimeMissing = this.maxTimestamp > last.maxTimestamp;
    writeFileSync(
      segmentFile(this.#directory, this.baseOffset, 'timeindex'),
      isTimeMissing ? Buffer.concat([times, this.#lastTime()]) : times,
    );
  }

  close(): void {
    this.store.close();
  }

  remove(): void {
    this.store.remove();
    if (this.#directory === null) return;
    for (const extension of ['index', 'timeindex'])
      rmSync(segmentFile(this.#directory, this.baseOffset, extension), { force: true });
  }

  #lastTime(): Buffer {
    const entry = Buffer.allocUnsafe(12);
    entry.writeBigInt64BE(BigInt(this.maxTimestamp), 0);
    entry.writeUInt32BE(this.#maxTimestampOffset - this.baseOffset, 8);
    return entry;
  }

  #readIndex(): SegmentIndex | null {
    if (this.#directory === null) return null;
    const [offsets, times] = ['index', 'timeindex'].map((extension) =>
      segmentFile(this.#directory as string, this.baseOffset, extension),
    ) as [string, string];
    if (!existsSync(offsets) || !existsSync(times)) return null;
    return SegmentIndex.decode(this.baseOffset, this.size, readFileSync(offsets), readFileSync(times));
  }

  rebuildIndex(): void {
    this.index = new SegmentIndex(this.baseOffset);
    this.#sinceIndexed = 0;
    this.maxTimestamp = -1;
    this.#maxTimestampOffset = this.baseOffset;
    for (const { batch, position } of this.batches()) this.#note(batch, position);
  }
}

function wholeBytes(bytes: Buffer): number {
  let at = 0;
  while (isWhole(bytes, at)) at += new Batch(bytes, at).length;
  return at;
}
