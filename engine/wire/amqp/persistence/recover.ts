import { closeSync, existsSync, fstatSync, ftruncateSync, openSync, readSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Broker } from '../broker/broker.ts';
import { Entry } from '../broker/entry.ts';
import type { Message } from '../broker/message.ts';
import type { Queue } from '../broker/queue.ts';
import { MalformedError } from '../bytes/malformed.ts';
import { Reader } from '../bytes/reader.ts';
import { AmqpError } from '../protocol/errors.ts';
import { crc32 } from './crc32.ts';
import type { Log } from './log.ts';
import { BATCH_HEADER_BYTES, LOG_FILE, MAGIC } from './log-file.ts';
import { type LogRecord, type PlaceRecord, readRecord } from './records.ts';

/** The file is damaged before its end. */
export class DamagedLogError extends Error {}

/** What was read: bytes of the file, and how many were cut off because the last write was not finished. */
export interface Recovered {
  bytes: number;
  cutOffBytes: number;
  queues: number;
  messages: number;
  /** Gives the messages to the log that is to be written on. */
  handOver(log: Log): void;
}

/**
 * Declares what the log has and brings its messages back. A last batch that is not there whole was never confirmed: it is
 * cut off. Anything else that cannot be read throws a `DamagedLogError`.
 */
export function recover(directory: string, broker: Broker): Recovered {
  // Of a rewrite that did not end.
  const unfinished = join(directory, `${LOG_FILE}.new`);
  if (existsSync(unfinished)) unlinkSync(unfinished);
  const path = join(directory, LOG_FILE);
  const state = new Recovery(broker);
  if (!existsSync(path)) return { bytes: 0, cutOffBytes: 0, queues: 0, messages: 0, handOver: () => {} };
  const file = openSync(path, 'r+');
  try {
    const { size } = fstatSync(file);
    const goodBytes = readBatches(file, size, (batch) => {
      const reader = new Reader(batch, 0, batch.length);
      while (!reader.isAtEnd) state.apply(readRecord(reader));
    });
    if (goodBytes < size) ftruncateSync(file, goodBytes);
    const messages = state.finish();
    return {
      bytes: goodBytes,
      cutOffBytes: size - goodBytes,
      queues: state.queues.size,
      messages,
      handOver: (log) => state.handOver(log),
    };
  } catch (error) {
    if (error instanceof MalformedError || error instanceof AmqpError)
      throw new DamagedLogError(
        `${path} is damaged: ${error.message}. Restore it from a copy, or move it away to begin without it.`,
      );
    throw error;
  } finally {
    closeSync(file);
  }
}

/** Returns up to where the file has whole batches. */
function readBatches(file: number, size: number, found: (batch: Buffer) => void): number {
  const read = (bytes: number, at: number): Buffer => {
    const buffer = Buffer.allocUnsafeSlow(bytes);
    let done = 0;
    while (done < bytes) {
      const count = readSync(file, buffer, done, bytes - done, at + done);
      if (count === 0) return buffer.subarray(0, done);
      done += count;
    }
    return buffer;
  };
  const magic = read(Math.min(size, MAGIC.length), 0).toString('latin1');
  if (!MAGIC.startsWith(magic)) throw new MalformedError('it does not begin as such a file does');
  if (magic.length < MAGIC.length) return 0;
  let at = MAGIC.length;
  while (at < size) {
    const header = read(Math.min(size - at, BATCH_HEADER_BYTES), at);
    if (header.length < BATCH_HEADER_BYTES) break;
    const length = header.readUInt32BE(0);
    const isHeader = crc32(header.subarray(0, 8), 0) === header.readUInt32BE(8);
    const from = at + BATCH_HEADER_BYTES;
    const end = from + length;
    if (isHeader && end > size) break;
    const batch = isHeader ? read(length, from) : null;
    if (!batch || crc32(batch, 0) !== header.readUInt32BE(4)) {
      // The end of a file may be longer than what was written to it.
      if ((batch && end === size) || isZero(read(size - from, from))) break;
      throw new MalformedError(`the checksum at byte ${at} is wrong, and more follows`);
    }
    found(batch);
    at = end;
  }
  return at;
}

const isZero = (bytes: Buffer): boolean => bytes.every((byte) => byte === 0);

interface Restored {
  message: Message;
  place: PlaceRecord;
}

/** What the log has told so far. */
class Recovery {
  readonly #broker: Broker;
  readonly queues = new Map<
    number,
    { queue: Queue; virtualHost: string; places: Map<number, Restored>; handedOut: number }
  >();
  #entries: Entry[] = [];

  constructor(broker: Broker) {
    this.#broker = broker;
  }

  apply(record: LogRecord): void {
    switch (record.type) {
      case 'exchange':
        this.#broker.virtualHost(record.virtualHost).addExchange({ ...record.declaration, isDurable: true });
        break;
      case 'exchange-deleted':
        this.#broker.virtualHost(record.virtualHost).deleteExchange(record.name, false);
        break;
      case 'queue': {
        const { id, virtualHost, name, isAutoDelete, args } = record;
        const queue = this.#broker
          .virtualHost(virtualHost)
          .addQueue({ name, isDurable: true, isAutoDelete, owner: null, args }, id);
        this.queues.set(id, { queue, virtualHost, places: new Map(), handedOut: 0 });
        this.#broker.reserveQueueIds(id);
        break;
      }
      case 'queue-deleted': {
        const known = this.queues.get(record.id);
        if (known) this.#broker.virtualHost(known.virtualHost).deleteQueue(known.queue);
        this.queues.delete(record.id);
        break;
      }
      case 'binding':
        this.#broker.virtualHost(record.binding.virtualHost).bind(record.binding);
        break;
      case 'binding-deleted':
        this.#broker.virtualHost(record.binding.virtualHost).unbind(record.binding);
        break;
      case 'message':
        for (const place of record.places)
          this.queues.get(place.queueId)?.places.set(place.seq, { message: record.message, place });
        break;
      case 'removed':
        this.queues.get(record.queueId)?.places.delete(record.seq);
        break;
      case 'delivered': {
        const known = this.queues.get(record.queueId);
        if (known) known.handedOut = Math.max(known.handedOut, record.seq);
        break;
      }
      case 'returned': {
        const place = this.queues.get(record.queueId)?.places.get(record.seq)?.place;
        if (place) Object.assign(place, { isRedelivered: true, returns: record.returns });
        break;
      }
    }
  }

  /** Puts the messages into their queues; returns how many places of messages those were. */
  finish(): number {
    const { startedAtMs } = this.#broker;
    for (const { queue, places, handedOut } of this.queues.values()) {
      const inOrder = [...places.values()].sort((a, b) => a.place.seq - b.place.seq);
      for (const { message, place } of inOrder) {
        const entry = new Entry({
          queue,
          message,
          seq: place.seq,
          // Whatever was over meanwhile is over as soon as time goes on.
          expiresAtMs: place.expiresAtMs === 0 ? 0 : place.expiresAtMs - startedAtMs || -1,
          publishedAtMs: place.publishedAtMs - startedAtMs,
        });
        entry.isRedelivered = place.isRedelivered || place.seq <= handedOut;
        entry.returns = place.returns;
        queue.restore(entry);
        this.#entries.push(entry);
      }
    }
    return this.#entries.length;
  }

  handOver(log: Log): void {
    const byMessage = new Map<Message, Entry[]>();
    for (const entry of this.#entries) {
      const entries = byMessage.get(entry.message);
      if (entries) entries.push(entry);
      else byMessage.set(entry.message, [entry]);
    }
    for (const [message, entries] of byMessage) log.adopt(message, entries);
    this.#entries = [];
    for (const { queue } of this.queues.values()) queue.restored();
  }
}
