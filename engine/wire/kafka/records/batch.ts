import { crc32c } from './crc32c.ts';

/*
 * A record batch, version 2:
 *
 *   0 base offset (8) · 8 length of what follows (4) · 12 leader epoch (4) · 16 magic (1) · 17 CRC-32C of what follows (4)
 *   21 attributes (2) · 23 last offset delta (4) · 27 base timestamp (8) · 35 max timestamp (8) · 43 producer id (8)
 *   51 producer epoch (2) · 53 base sequence (4) · 57 number of records (4) · 61 records
 *
 * Base offset and leader epoch are outside of the CRC, so a leader sets them without touching the rest.
 */
export const HEADER_BYTES = 61;
/** Base offset and length: what stands before the bytes that the length counts. */
const LENGTH_END = 12;
export const MAGIC = 2;

const CODEC_MASK = 0x07;
const LOG_APPEND_TIME = 0x08;
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;

export const NO_PRODUCER = -1;
export const NO_SEQUENCE = -1;

const int64 = (bytes: Buffer, at: number): number => bytes.readInt32BE(at) * 0x1_0000_0000 + bytes.readUInt32BE(at + 4);

function setInt64(bytes: Buffer, at: number, value: number): void {
  const high = Math.floor(value / 0x1_0000_0000);
  bytes.writeInt32BE(high, at);
  bytes.writeUInt32BE(value - high * 0x1_0000_0000, at + 4);
}

/** A batch where it lies in a buffer. Nothing is read before it is asked for. */
export class Batch {
  readonly bytes: Buffer;
  readonly at: number;

  constructor(bytes: Buffer, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  get baseOffset(): number {
    return int64(this.bytes, this.at);
  }
  set baseOffset(offset: number) {
    setInt64(this.bytes, this.at, offset);
  }
  /** Of the whole batch. */
  get length(): number {
    return this.bytes.readInt32BE(this.at + 8) + LENGTH_END;
  }
  get leaderEpoch(): number {
    return this.bytes.readInt32BE(this.at + 12);
  }
  set leaderEpoch(epoch: number) {
    this.bytes.writeInt32BE(epoch, this.at + 12);
  }
  get magic(): number {
    return this.bytes.readInt8(this.at + 16);
  }
  get crc(): number {
    return this.bytes.readUInt32BE(this.at + 17);
  }
  get attributes(): number {
    return this.bytes.readInt16BE(this.at + 21);
  }
  get codec(): number {
    return this.attributes & CODEC_MASK;
  }
  get isTransactional(): boolean {
    return (this.attributes & TRANSACTIONAL) !== 0;
  }
  /** It ends a transaction and holds nothing of a client. */
  get isControl(): boolean {
    return (this.attributes & CONTROL) !== 0;
  }
  get isLogAppendTime(): boolean {
    return (this.attributes & LOG_APPEND_TIME) !== 0;
  }
  get lastOffsetDelta(): number {
    return this.bytes.readInt32BE(this.at + 23);
  }
  get lastOffset(): number {
    return this.baseOffset + this.lastOffsetDelta;
  }
  get nextOffset(): number {
    return this.lastOffset + 1;
  }
  /** Epoch milliseconds; records count from it. */
  get baseTimestamp(): number {
    return int64(this.bytes, this.at + 27);
  }
  get maxTimestamp(): number {
    return int64(this.bytes, this.at + 35);
  }
  get producerId(): number {
    return int64(this.bytes, this.at + 43);
  }
  get producerEpoch(): number {
    return this.bytes.readInt16BE(this.at + 51);
  }
  get baseSequence(): number {
    return this.bytes.readInt32BE(this.at + 53);
  }
  /** Sequence numbers go round at 2^31. */
  get lastSequence(): number {
    return this.baseSequence < 0 ? this.baseSequence : (this.baseSequence + this.lastOffsetDelta) % 0x8000_0000;
  }
  get count(): number {
    return this.bytes.readInt32BE(this.at + 57);
  }
  /** Of the records, as they are compressed. */
  get payload(): Buffer {
    return this.bytes.subarray(this.at + HEADER_BYTES, this.at + this.length);
  }

  get isIntact(): boolean {
    return this.crc === crc32c(this.bytes, this.at + 21, this.at + this.length);
  }

  /** The broker's time in place of the client's. */
  setLogAppendTime(timestamp: number): void {
    this.bytes.writeInt16BE(this.attributes | LOG_APPEND_TIME, this.at + 21);
    setInt64(this.bytes, this.at + 35, timestamp);
    this.bytes.writeUInt32BE(crc32c(this.bytes, this.at + 21, this.at + this.length), this.at + 17);
  }
}

/** Whether a whole batch stands there, as far as its length tells. */
export const isWhole = (bytes: Buffer, at: number): boolean => {
  if (bytes.length - at < HEADER_BYTES) return false;
  const length = bytes.readInt32BE(at + 8);
  return length >= HEADER_BYTES - LENGTH_END && length <= bytes.length - at - LENGTH_END;
};

/** The batches that stand whole in the bytes, one after the other. */
export function* batchesIn(bytes: Buffer, from = 0): Generator<Batch> {
  for (let at = from; isWhole(bytes, at); ) {
    const batch = new Batch(bytes, at);
    at += batch.length;
    yield batch;
  }
}

/** What a batch says of itself, written before records that are encoded already. */
export function encodeBatch(
  header: {
    baseOffset: number;
    leaderEpoch?: number;
    attributes?: { isTransactional?: boolean; isControl?: boolean; isLogAppendTime?: boolean };
    lastOffsetDelta: number;
    baseTimestamp: number;
    maxTimestamp: number;
    producerId?: number;
    producerEpoch?: number;
    baseSequence?: number;
    count: number;
  },
  records: Buffer,
): Buffer {
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + records.length);
  const { isTransactional, isControl, isLogAppendTime } = header.attributes ?? {};
  setInt64(bytes, 0, header.baseOffset);
  bytes.writeInt32BE(bytes.length - LENGTH_END, 8);
  bytes.writeInt32BE(header.leaderEpoch ?? 0, 12);
  bytes.writeInt8(MAGIC, 16);
  bytes.writeInt16BE(
    (isTransactional ? TRANSACTIONAL : 0) | (isControl ? CONTROL : 0) | (isLogAppendTime ? LOG_APPEND_TIME : 0),
    21,
  );
  bytes.writeInt32BE(header.lastOffsetDelta, 23);
  setInt64(bytes, 27, header.baseTimestamp);
  setInt64(bytes, 35, header.maxTimestamp);
  setInt64(bytes, 43, header.producerId ?? NO_PRODUCER);
  bytes.writeInt16BE(header.producerEpoch ?? -1, 51);
  bytes.writeInt32BE(header.baseSequence ?? NO_SEQUENCE, 53);
  bytes.writeInt32BE(header.count, 57);
  records.copy(bytes, HEADER_BYTES);
  bytes.writeUInt32BE(crc32c(bytes, 21), 17);
  return bytes;
}
