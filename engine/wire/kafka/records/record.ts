import { type Batch, encodeBatch } from './batch.ts';
import { decompress } from './compression.ts';
import { CompressionError } from './compression-error.ts';

/** One record of a batch. */
export interface KafkaRecord {
  offset: number;
  /** Epoch milliseconds. */
  timestamp: number;
  key: Buffer | null;
  value: Buffer | null;
  headers: (readonly [key: string, value: Buffer | null])[];
}

/** No batch is unpacked to more. */
const MAX_UNPACKED_BYTES = 128 * 1024 * 1024;

/** Records one after the other. Fails with a `CompressionError` where they are not what the batch says. */
export function* recordsOf(batch: Batch): Generator<KafkaRecord> {
  const reader = new RecordReader(decompress(batch.codec, batch.payload, MAX_UNPACKED_BYTES));
  const { baseOffset, baseTimestamp, maxTimestamp, isLogAppendTime } = batch;
  for (let left = batch.count; left > 0; left -= 1) {
    const end = reader.varint() + reader.at;
    reader.skip(1);
    const timestampDelta = reader.varint();
    const offset = baseOffset + reader.varint();
    const timestamp = isLogAppendTime ? maxTimestamp : baseTimestamp + timestampDelta;
    const key = reader.nullable();
    const value = reader.nullable();
    const headers: [string, Buffer | null][] = [];
    for (let more = reader.varint(); more > 0; more -= 1)
      headers.push([reader.nullable()?.toString('utf8') ?? '', reader.nullable()]);
    if (reader.at !== end) throw new CompressionError('records');
    yield { offset, timestamp, key, value, headers };
  }
}

/** Of a batch or, where a producer gives it, in the given order. Offsets may have gaps. */
export function encodeRecords(records: readonly KafkaRecord[], baseOffset: number, baseTimestamp: number): Buffer {
  const writer = new RecordWriter();
  for (const record of records) {
    const body = new RecordWriter();
    body.byte(0);
    body.varint(record.timestamp - baseTimestamp);
    body.varint(record.offset - baseOffset);
    body.nullable(record.key);
    body.nullable(record.value);
    body.varint(record.headers.length);
    for (const [key, value] of record.headers) {
      body.nullable(Buffer.from(key));
      body.nullable(value);
    }
    const bytes = body.finish();
    writer.varint(bytes.length);
    writer.bytes(bytes);
  }
  return writer.finish();
}

/** A batch of the server's own, with offsets from 0 on. */
export function batchOf(
  records: readonly { key: Buffer | null; value: Buffer | null; headers?: KafkaRecord['headers'] }[],
  timestamp: number,
  more: Partial<Parameters<typeof encodeBatch>[0]> = {},
): Buffer {
  const whole = records.map(({ key, value, headers = [] }, i) => ({ offset: i, timestamp, key, value, headers }));
  return encodeBatch(
    {
      baseOffset: 0,
      lastOffsetDelta: records.length - 1,
      baseTimestamp: timestamp,
      maxTimestamp: timestamp,
      count: records.length,
      ...more,
    },
    encodeRecords(whole, 0, timestamp),
  );
}

class RecordReader {
  readonly #bytes: Buffer;
  at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  skip(count: number): void {
    this.at += count;
  }

  /** Signed (zigzag), exact up to 2^53. */
  varint(): number {
    let value = 0;
    for (let factor = 1, i = 0; i < 10; i += 1, factor *= 128) {
      const byte = this.#bytes[this.at++];
      if (byte === undefined) throw new CompressionError('records');
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
    throw new CompressionError('records');
  }

  nullable(): Buffer | null {
    const length = this.varint();
    if (length < 0) return null;
    if (length > this.#bytes.length - this.at) throw new CompressionError('records');
    this.at += length;
    return this.#bytes.subarray(this.at - length, this.at);
  }
}

class RecordWriter {
  #bytes = Buffer.allocUnsafe(128);
  #at = 0;

  byte(value: number): void {
    this.#room(1);
    this.#bytes[this.#at++] = value;
  }

  varint(value: number): void {
    for (let rest = value >= 0 ? value * 2 : -value * 2 - 1; ; rest = Math.floor(rest / 128)) {
      if (rest < 128) {
        this.byte(rest);
        return;
      }
      this.byte((rest % 128) + 128);
    }
  }

  bytes(value: Buffer): void {
    this.#room(value.length);
    value.copy(this.#bytes, this.#at);
    this.#at += value.length;
  }

  nullable(value: Buffer | null): void {
    this.varint(value === null ? -1 : value.length);
    if (value !== null) this.bytes(value);
  }

  finish(): Buffer {
    return this.#bytes.subarray(0, this.#at);
  }

  #room(count: number): void {
    if (this.#at + count <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, this.#at + count));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }
}
