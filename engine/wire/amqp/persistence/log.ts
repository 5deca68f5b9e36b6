import { mkdirSync, renameSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { syncDirectory } from '../../sync-directory.ts';
import type { Broker } from '../broker/broker.ts';
import type { Entry } from '../broker/entry.ts';
import type { Binding, Exchange } from '../broker/exchange.ts';
import type { Journal } from '../broker/journal.ts';
import type { Message, Place } from '../broker/message.ts';
import { Queue } from '../broker/queue.ts';
import { LiveMessages, placesOf } from './live-messages.ts';
import { LOG_FILE, LogFile } from './log-file.ts';
import { type BindingRecord, type LogRecord, type PlaceRecord, writeRecord } from './records.ts';

const NEW_FILE = `${LOG_FILE}.new`;
/** What nobody waits for is on the disk after so long. */
const LAZY_SYNC_MS = 1000;
/** A rewrite goes on for so long, and then lets others have their turn. */
const REWRITE_SLICE_MS = 5;
const LOOK_EVERY = 64;
/** The log is rewritten when it has grown to twice its size, but not before it has this. */
const REWRITE_MIN_BYTES = 64 * 1024 * 1024;

/**
 * The append-only log. What happens in one turn of the event loop is one batch; all that was written while the disk was busy
 * goes there together, and only then is anybody told who waits for it.
 *
 * A rewrite puts a shorter file in its place while the server works: what is declared at once, then message by message;
 * what happens meanwhile goes to both files.
 */
export class Log implements Journal {
  readonly #directory: string;
  readonly #broker: Broker;
  readonly #rewriteMinBytes: number;
  readonly #delayMs: () => number;
  readonly #live = new LiveMessages();
  /** Up to where messages have been handed out, by queue; those in `#undelivered` are not in the file yet. */
  readonly #handedOut = new Map<Queue, number>();
  readonly #unwritten = new Set<Queue>();
  #file: LogFile;
  #next: LogFile | null = null;
  #rewrite = 0;
  #bytesAfterRewrite: number;
  #waiting: (() => void)[] = [];
  #isScheduled = false;
  #isSyncing = false;
  /** Something was written since the last time that all was on the disk. */
  #isUnsynced = false;
  #lazySync: NodeJS.Timeout | null = null;
  #isClosed = false;
  /** The rewritten file is whole, and waits for the disk to be done with the old one. */
  #isRewritten = false;
  /** What is to be done when the disk is. */
  #whenIdle: () => void = () => {};

  /** The directory must be there, and its file be read. `bytes`: of the file as it is. `delayMs`: how much longer the disk takes. */
  constructor(options: {
    directory: string;
    broker: Broker;
    bytes: number;
    rewriteMinBytes?: number;
    delayMs?: (() => number) | undefined;
  }) {
    this.#delayMs = options.delayMs ?? (() => 0);
    this.#directory = options.directory;
    this.#broker = options.broker;
    this.#rewriteMinBytes = options.rewriteMinBytes ?? REWRITE_MIN_BYTES;
    this.#file = new LogFile(join(options.directory, LOG_FILE), 'a', options.bytes);
    this.#bytesAfterRewrite = this.#file.bytes;
  }

  get bytes(): number {
    return this.#file.bytes;
  }

  get isRewriting(): boolean {
    return this.#next !== null;
  }

  exchangeDeclared(virtualHost: string, exchange: Exchange): void {
    this.#append({ type: 'exchange', virtualHost, declaration: exchange });
  }

  exchangeDeleted(virtualHost: string, { name }: Exchange): void {
    this.#append({ type: 'exchange-deleted', virtualHost, name });
  }

  queueDeclared(virtualHost: string, { id, name, isAutoDelete, args }: Queue): void {
    this.#append({ type: 'queue', id, virtualHost, name, isAutoDelete, args });
  }

  queueDeleted(queue: Queue): void {
    this.#handedOut.delete(queue);
    this.#unwritten.delete(queue);
    this.#append({ type: 'queue-deleted', id: queue.id });
  }

  bound(virtualHost: string, binding: Binding): void {
    this.#append({ type: 'binding', binding: recordOf(virtualHost, binding) });
  }

  unbound(virtualHost: string, binding: Binding): void {
    this.#append({ type: 'binding-deleted', binding: recordOf(virtualHost, binding) });
  }

  published(message: Message, entries: readonly Entry[]): void {
    this.#live.add(message, entries);
    message.rewrite = this.#rewrite;
    this.#append({ type: 'message', message, places: entries.map((entry) => this.#placeRecord(entry)) });
  }

  removed(entry: Entry): void {
    this.#live.remove(entry.message, entry);
    this.#append({ type: 'removed', queueId: entry.queueId, seq: entry.seq });
  }

  forgotten(entry: Entry): void {
    this.#live.remove(entry.message, entry);
  }

  delivered(entry: Entry): void {
    if (!entry.isLogged) return;
    const queue = entry.queue as Queue;
    if (queue.settings.maxPriority > 0) {
      // Here it says nothing of the others how far this one is.
      this.#append({ type: 'returned', queueId: queue.id, seq: entry.seq, returns: entry.returns });
      return;
    }
    if (entry.seq <= (this.#handedOut.get(queue) ?? 0)) return;
    this.#handedOut.set(queue, entry.seq);
    this.#unwritten.add(queue);
    this.#schedule();
  }

  returned({ isLogged, queueId, seq, returns, queue }: Entry): void {
    if (isLogged && queue.countsReturns) this.#append({ type: 'returned', queueId, seq, returns });
  }

  /** Takes over what was read from the file. */
  adopt(message: Message, entries: readonly Entry[]): void {
    this.#live.add(message, entries);
  }

  /** Calls back when all that happened so far is on the disk; at once, if it is. */
  whenDurable(done: () => void): void {
    if (!this.#isUnsynced && !this.#isScheduled && !this.#isSyncing) done();
    else {
      this.#waiting.push(done);
      this.#schedule();
    }
  }

  rewrite(): void {
    if (this.#next || this.#isClosed) return;
    this.#rewrite += 1;
    this.#next = new LogFile(join(this.#directory, NEW_FILE), 'w', 0);
    for (const record of this.#declarations()) writeRecord(this.#next.records, record);
    this.#live.rewind();
    this.#continue();
  }

  /** All that happened is on the disk when it resolves, and no file is open. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (this.#lazySync) clearTimeout(this.#lazySync);
    if (this.#isSyncing)
      await new Promise<void>((resolve) => {
        this.#whenIdle = resolve;
      });
    this.#writeHandedOut();
    this.#file.write();
    this.#file.sync();
    this.#file.close();
    for (const done of this.#waiting.splice(0)) done();
    if (!this.#next) return;
    this.#next.close();
    unlinkSync(join(this.#directory, NEW_FILE));
  }

  #append(record: LogRecord): void {
    writeRecord(this.#file.records, record);
    if (this.#next) writeRecord(this.#next.records, record);
    this.#schedule();
  }

  #placeRecord(place: Place): PlaceRecord {
    const { startedAtMs } = this.#broker;
    return {
      queueId: place.queueId,
      seq: place.seq,
      expiresAtMs: place.expiresAtMs === 0 ? 0 : Math.max(1, startedAtMs + place.expiresAtMs),
      publishedAtMs: Math.max(0, startedAtMs + place.publishedAtMs),
      isRedelivered: place.isRedelivered,
      returns: place.returns,
    };
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => this.#flush());
  }

  #writeHandedOut(): void {
    for (const queue of this.#unwritten) {
      const record = { type: 'delivered', queueId: queue.id, seq: this.#handedOut.get(queue) ?? 0 } as const;
      writeRecord(this.#file.records, record);
      if (this.#next) writeRecord(this.#next.records, record);
    }
    this.#unwritten.clear();
  }

  #flush(): void {
    this.#isScheduled = false;
    if (this.#isClosed) return;
    this.#writeHandedOut();
    if (this.#file.records.length > 0) this.#isUnsynced = true;
    this.#file.write();
    this.#next?.write();
    if (this.#waiting.length > 0) this.#sync();
    else if (this.#isUnsynced) this.#lazySync ??= setTimeout(() => this.#sync(), LAZY_SYNC_MS).unref();
    if (!this.#next && this.#file.bytes > Math.max(this.#rewriteMinBytes, 2 * this.#bytesAfterRewrite)) this.rewrite();
  }

  #sync(): void {
    if (this.#isSyncing || this.#isClosed) return;
    if (this.#lazySync) clearTimeout(this.#lazySync);
    this.#lazySync = null;
    this.#isSyncing = true;
    this.#isUnsynced = false;
    const waiting = this.#waiting;
    this.#waiting = [];
    const synced = (): void => {
      this.#isSyncing = false;
      for (const done of waiting) done();
      if (this.#isClosed) this.#whenIdle();
      else if (this.#isRewritten) this.#replace();
      else if (this.#waiting.length > 0) this.#sync();
    };
    const delayMs = this.#delayMs();
    this.#file.syncLater(delayMs > 0 ? () => setTimeout(synced, delayMs) : synced);
  }

  *#declarations(): Generator<LogRecord> {
    for (const { name: virtualHost, exchanges, queues, bindings } of this.#broker.virtualHosts.values()) {
      for (const exchange of exchanges.values())
        if (exchange.isDurable && exchange.name !== '' && !exchange.name.startsWith('amq.'))
          yield { type: 'exchange', virtualHost, declaration: exchange };
      for (const queue of queues.values()) {
        if (!queue.isDurable) continue;
        const { id, name, isAutoDelete, args } = queue;
        yield { type: 'queue', id, virtualHost, name, isAutoDelete, args };
        const seq = this.#handedOut.get(queue);
        if (seq !== undefined) yield { type: 'delivered', queueId: id, seq };
      }
      for (const exchange of exchanges.values())
        for (const binding of bindings.from(exchange))
          if (binding.source.isDurable && binding.destination.isDurable)
            yield { type: 'binding', binding: recordOf(virtualHost, binding) };
    }
  }

  #continue(): void {
    if (this.#isClosed || !this.#next) return;
    const untilMs = performance.now() + REWRITE_SLICE_MS;
    for (let count = 1; ; count += 1) {
      const message = this.#live.step();
      // Those that were published since the rewrite began are in both files.
      if (!message || message.rewrite === this.#rewrite) {
        this.#isRewritten = true;
        if (!this.#isSyncing) this.#replace();
        return;
      }
      const places = placesOf(message).map((place) => this.#placeRecord(place));
      writeRecord(this.#next.records, { type: 'message', message, places });
      if (count % LOOK_EVERY === 0 && performance.now() > untilMs) break;
    }
    this.#next.write();
    setImmediate(() => this.#continue());
  }

  /** The new file takes the place of the old one, whole. */
  #replace(): void {
    const next = this.#next as LogFile;
    this.#writeHandedOut();
    next.write();
    next.sync();
    this.#file.close();
    // Windows renames nothing that is open.
    next.close();
    const path = join(this.#directory, LOG_FILE);
    renameSync(join(this.#directory, NEW_FILE), path);
    this.#file = new LogFile(path, 'a', next.bytes);
    this.#next = null;
    this.#isRewritten = false;
    this.#isUnsynced = false;
    this.#bytesAfterRewrite = next.bytes;
    syncDirectory(this.#directory);
    for (const done of this.#waiting.splice(0)) done();
  }
}

const recordOf = (virtualHost: string, { source, destination, key, args }: Binding): BindingRecord => ({
  virtualHost,
  source: source.name,
  destination: { kind: destination instanceof Queue ? 'queue' : 'exchange', name: destination.name },
  key,
  args,
});

export const makeDirectory = (directory: string): void => {
  mkdirSync(directory, { recursive: true });
};
