import { closeSync, fdatasync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { Writer } from '../bytes/writer.ts';
import { crc32 } from './crc32.ts';

export const LOG_FILE = 'amqp.log';
/** What a file begins with. */
export const MAGIC = 'AMQP log 1\n';
/** Before the records of a batch: their length, their checksum, and the checksum of these two. */
export const BATCH_HEADER_BYTES = 12;

/** One file that is appended to by batches, each of which is there whole or does not count. */
export class LogFile {
  readonly records = new Writer();
  readonly #descriptor: number;
  bytes: number;

  constructor(path: string, flags: 'a' | 'w', bytes: number) {
    this.#descriptor = openSync(path, flags);
    this.bytes = bytes;
    if (bytes === 0) this.#write(Buffer.from(MAGIC, 'latin1'));
  }

  /** Writes what was appended, as one batch. */
  write(): void {
    const { length } = this.records;
    if (length === 0) return;
    const pieces = this.records.drain();
    const header = Buffer.alloc(BATCH_HEADER_BYTES);
    header.writeUInt32BE(length, 0);
    header.writeUInt32BE(
      pieces.reduce((before, piece) => crc32(piece, before), 0),
      4,
    );
    header.writeUInt32BE(crc32(header.subarray(0, 8), 0), 8);
    // In one call, so that what ends in the midst of it is as short as can be.
    this.#write(length <= 1024 * 1024 ? Buffer.concat([header, ...pieces]) : header);
    if (length > 1024 * 1024) for (const piece of pieces) this.#write(piece);
  }

  sync(): void {
    fdatasyncSync(this.#descriptor);
  }

  syncLater(done: () => void): void {
    fdatasync(this.#descriptor, (error) => {
      // What cannot be kept must not be confirmed.
      if (error) throw error;
      done();
    });
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #write(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#descriptor, bytes, at);
    this.bytes += bytes.length;
  }
}
