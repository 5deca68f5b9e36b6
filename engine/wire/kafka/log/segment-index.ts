/** Pairs of numbers in two growing columns, both ascending. */
class Columns {
  #first = new Float64Array(64);
  #second = new Float64Array(64);
  length = 0;

  push(first: number, second: number): void {
    if (this.length === this.#first.length) {
      this.#first = grown(this.#first);
      this.#second = grown(this.#second);
    }
    this.#first[this.length] = first;
    this.#second[this.length] = second;
    this.length += 1;
  }

  first(at: number): number {
    return this.#first[at] as number;
  }

  second(at: number): number {
    return this.#second[at] as number;
  }

  /** The last place whose first number is at most `value`; -1 if there is none. */
  floor(value: number): number {
    let [low, high] = [-1, this.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#first[middle] as number) <= value) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

const grown = (column: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> => {
  const larger = new Float64Array(2 * column.length);
  larger.set(column);
  return larger;
};

const OFFSET_ENTRY_BYTES = 8;
const TIME_ENTRY_BYTES = 12;

/** Some batches of a segment by their offset, and by the greatest timestamp up to them. */
export class SegmentIndex {
  readonly baseOffset: number;
  readonly #positions = new Columns();
  readonly #times = new Columns();

  constructor(baseOffset: number) {
    this.baseOffset = baseOffset;
  }

  /** The batch at the position has the offset as its last one. */
  add(offset: number, position: number, maxTimestamp: number, maxTimestampOffset: number): void {
    this.#positions.push(offset, position);
    const { length } = this.#times;
    if (length === 0 || this.#times.first(length - 1) < maxTimestamp)
      this.#times.push(maxTimestamp, maxTimestampOffset);
  }

  /** A position at or before that of the batch with the offset. */
  positionBefore(offset: number): number {
    const at = this.#positions.floor(offset);
    return at < 0 ? 0 : this.#positions.second(at);
  }

  /** An offset before which every record is older than the timestamp. */
  offsetBefore(timestamp: number): number {
    const at = this.#times.floor(timestamp - 1);
    return at < 0 ? this.baseOffset : this.#times.second(at);
  }

  /** Where the last entry points to, and the greatest timestamp up to there. */
  get last(): { position: number; maxTimestamp: number; maxTimestampOffset: number } {
    const at = this.#positions.length - 1;
    const time = this.#times.length - 1;
    return {
      position: at < 0 ? 0 : this.#positions.second(at),
      maxTimestamp: time < 0 ? -1 : this.#times.first(time),
      maxTimestampOffset: time < 0 ? this.baseOffset : this.#times.second(time),
    };
  }

  /** The bytes of Kafka's `.index` and `.timeindex`. */
  encode(): { offsets: Buffer; times: Buffer } {
    const offsets = Buffer.allocUnsafe(this.#positions.length * OFFSET_ENTRY_BYTES);
    for (let i = 0; i < this.#positions.length; i += 1) {
      offsets.writeUInt32BE(this.#positions.first(i) - this.baseOffset, i * OFFSET_ENTRY_BYTES);
      offsets.writeUInt32BE(this.#positions.second(i), i * OFFSET_ENTRY_BYTES + 4);
    }
    const times = Buffer.allocUnsafe(this.#times.length * TIME_ENTRY_BYTES);
    for (let i = 0; i < this.#times.length; i += 1) {
      times.writeBigInt64BE(BigInt(this.#times.first(i)), i * TIME_ENTRY_BYTES);
      times.writeUInt32BE(this.#times.second(i) - this.baseOffset, i * TIME_ENTRY_BYTES + 8);
    }
    return { offsets, times };
  }

  /** Null where the bytes are no index of a segment of that size. */
  static decode(baseOffset: number, size: number, offsets: Buffer, times: Buffer): SegmentIndex | null {
    if (offsets.length % OFFSET_ENTRY_BYTES !== 0 || times.length % TIME_ENTRY_BYTES !== 0) return null;
    const index = new SegmentIndex(baseOffset);
    let before = { offset: -1, position: -1, timestamp: Number.NEGATIVE_INFINITY };
    for (let at = 0; at < offsets.length; at += OFFSET_ENTRY_BYTES) {
      const [offset, position] = [baseOffset + offsets.readUInt32BE(at), offsets.readUInt32BE(at + 4)];
      if (offset <= before.offset || position <= before.position || position >= size) return null;
      index.#positions.push(offset, position);
      before = { ...before, offset, position };
    }
    for (let at = 0; at < times.length; at += TIME_ENTRY_BYTES) {
      const timestamp = Number(times.readBigInt64BE(at));
      if (timestamp <= before.timestamp) return null;
      index.#times.push(timestamp, baseOffset + times.readUInt32BE(at + 8));
      before = { ...before, timestamp };
    }
    return index;
  }
}
