import { closeSync, fdatasync, fdatasyncSync, mkdirSync, openSync, renameSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { syncDirectory } from '../../sync-directory.ts';
import type { Database } from '../database.ts';
import type { Entry } from '../entry.ts';
import type { Keyspace } from '../keyspace.ts';
import { commandsFor } from './dump.ts';

/** When what was written must be on the disk; Redis' `appendfsync`. */
export const fsyncPolicies = ['always', 'everysec', 'no'] as const;
export type FsyncPolicy = (typeof fsyncPolicies)[number];

export const LOG_FILE = 'appendonly.aof';
const NEW_FILE = 'appendonly.aof.new';
const FSYNC_INTERVAL_MS = 1000;
/** A rewrite goes on for so long, and then lets others have their turn. */
const REWRITE_SLICE_MS = 5;
/** The log is rewritten when it has grown to twice its size, but not before it has this. */
const REWRITE_MIN_BYTES = 64 * 1024 * 1024;

const encodeCommand = (words: readonly string[]): string => {
  let encoded = `*${words.length}\r\n`;
  for (const word of words) encoded += `$${word.length}\r\n${word}\r\n`;
  return encoded;
};

/** One file that is appended to, with what waits to be written. */
class LogFile {
  readonly #descriptor: number;
  #database = -1;
  #waiting = '';
  bytes: number;

  constructor(path: string, flags: 'a' | 'w', bytes: number) {
    this.#descriptor = openSync(path, flags);
    this.bytes = bytes;
  }

  append(database: number, encoded: string): void {
    if (database !== this.#database) {
      this.#waiting += encodeCommand(['SELECT', String(database)]);
      this.#database = database;
    }
    this.#waiting += encoded;
  }

  get isWritten(): boolean {
    return this.#waiting === '';
  }

  write(): void {
    if (this.#waiting === '') return;
    const bytes = Buffer.from(this.#waiting, 'latin1');
    this.#waiting = '';
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#descriptor, bytes, at);
    this.bytes += bytes.length;
  }

  sync(): void {
    fdatasyncSync(this.#descriptor);
  }

  syncLater(done: () => void): void {
    fdatasync(this.#descriptor, done);
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

/**
 * The append-only file: each command that has changed something, as a client would send it. With `always` nobody has an
 * answer before what it confirms is on the disk; all of one turn of the event loop goes there together.
 *
 * A rewrite puts a shorter file in its place while the server works: key by key, and each key before it is touched again,
 * so that the commands which go to both files meanwhile find it as it was.
 */
export class Log {
  policy: FsyncPolicy;
  readonly #directory: string;
  readonly #keyspace: Keyspace;
  #file: LogFile;
  #next: LogFile | null = null;
  #rewriting: Generator<void> | null = null;
  #bytesAfterRewrite: number;
  /** Depth of transactions, and whether the outermost has written its MULTI. */
  #depth = 0;
  #transaction: { database: number; encoded: string; commands: number }[] = [];
  readonly #senders: (() => void)[] = [];
  #scheduled = false;
  /** What is written next is held up, and everybody waits for it, whatever the policy: as for a disk that does not take it. */
  #isHeldUp = false;
  #isSyncing = false;
  #mustSync = false;
  #closed = false;
  #failed = false;
  readonly #onFailure: ((error: Error) => void) | undefined;
  readonly #delayMs: () => number;
  readonly #first: () => readonly (readonly string[])[];
  readonly #timer: NodeJS.Timeout;

  /** The directory must be there. `bytes`: of the file as it is. `onFailure`: default is an uncaught exception. `delayMs`: how much longer what is written takes. `first`: commands that a shorter file begins with, for what is no key. */
  constructor(options: {
    directory: string;
    keyspace: Keyspace;
    policy: FsyncPolicy;
    bytes: number;
    onFailure?: ((error: Error) => void) | undefined;
    delayMs?: (() => number) | undefined;
    first?: () => readonly (readonly string[])[];
  }) {
    this.#delayMs = options.delayMs ?? (() => 0);
    this.#first = options.first ?? (() => []);
    this.#onFailure = options.onFailure;
    this.policy = options.policy;
    this.#directory = options.directory;
    this.#keyspace = options.keyspace;
    this.#file = new LogFile(join(options.directory, LOG_FILE), 'a', options.bytes);
    this.#bytesAfterRewrite = options.bytes;
    this.#timer = setInterval(() => this.#syncEachSecond(), FSYNC_INTERVAL_MS).unref();
  }

  get bytes(): number {
    return this.#file.bytes;
  }

  get isRewriting(): boolean {
    return this.#next !== null;
  }

  append(database: number, commands: readonly (readonly string[])[]): void {
    for (const words of commands) {
      const encoded = encodeCommand(words);
      if (this.#depth > 0) this.#collect(database, encoded);
      else this.#put(database, encoded);
    }
  }

  /** What follows until `end` is there whole after a crash, or not at all. */
  begin(): void {
    this.#depth += 1;
  }

  end(): void {
    this.#depth -= 1;
    if (this.#depth > 0) return;
    const parts = this.#transaction;
    this.#transaction = [];
    const [first] = parts;
    if (!first) return;
    const isOne = parts.length === 1 && first.commands === 1;
    if (!isOne) this.#put(first.database, encodeCommand(['MULTI']));
    for (const { database, encoded } of parts) this.#put(database, encoded);
    if (!isOne) this.#put((parts[parts.length - 1] as { database: number }).database, encodeCommand(['EXEC']));
  }

  /** Calls back at once, or, with `always`, when all that was appended is on the disk. */
  whenDurable(send: () => void): void {
    const waits = this.policy === 'always' || this.#isHeldUp;
    if (!waits || (this.#file.isWritten && !(this.#mustSync && this.policy === 'always'))) send();
    else {
      this.#senders.push(send);
      this.#schedule();
    }
  }

  /** A key that the new file does not have yet is about to be looked at, and maybe changed. */
  include(database: Database, entry: Entry): void {
    entry.rewrite = this.#keyspace.rewrite;
    if (!this.#next) return;
    for (const words of commandsFor(entry)) this.#next.append(database.index, encodeCommand(words));
  }

  rewrite(): void {
    if (this.#next || this.#closed) return;
    this.#keyspace.rewrite += 1;
    this.#next = new LogFile(join(this.#directory, NEW_FILE), 'w', 0);
    for (const words of this.#first()) this.#next.append(0, encodeCommand(words));
    this.#rewriting = this.#dump();
    this.#continue();
  }

  /** All that was appended is on the disk when it returns. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#timer);
    if (!this.#failed) {
      this.#file.write();
      this.#file.sync();
    }
    this.#file.close();
    if (!this.#next) return;
    this.#next.close();
    unlinkSync(join(this.#directory, NEW_FILE));
  }

  #collect(database: number, encoded: string): void {
    const last = this.#transaction[this.#transaction.length - 1];
    if (last?.database === database) {
      last.encoded += encoded;
      last.commands += 1;
    } else this.#transaction.push({ database, encoded, commands: 1 });
  }

  #put(database: number, encoded: string): void {
    this.#file.append(database, encoded);
    this.#next?.append(database, encoded);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    const flush = (): void => this.#guarded(() => this.#flush());
    const delayMs = this.#delayMs();
    this.#isHeldUp = delayMs > 0;
    if (delayMs > 0) setTimeout(flush, delayMs);
    else setImmediate(flush);
  }

  /** After a failure nothing is written any more, and nothing is confirmed that has to be. */
  #guarded(write: () => void): void {
    if (this.#failed) return;
    try {
      write();
    } catch (error) {
      if (!this.#onFailure) throw error;
      this.#failed = true;
      this.#onFailure(error as Error);
    }
  }

  #flush(): void {
    this.#scheduled = false;
    if (this.#closed) return;
    if (!this.#file.isWritten) this.#mustSync = true;
    this.#file.write();
    if (this.policy === 'always' && this.#mustSync) {
      this.#file.sync();
      this.#mustSync = false;
    }
    for (const send of this.#senders.splice(0)) send();
    if (!this.#next && this.#file.bytes > Math.max(REWRITE_MIN_BYTES, 2 * this.#bytesAfterRewrite)) this.rewrite();
  }

  #syncEachSecond(): void {
    if (this.policy !== 'everysec' || !this.#mustSync || this.#isSyncing) return;
    this.#isSyncing = true;
    this.#mustSync = false;
    this.#file.syncLater(() => {
      this.#isSyncing = false;
    });
  }

  *#dump(): Generator<void> {
    for (const [, database] of this.#keyspace.databases()) {
      // Downwards: a key that moves meanwhile moves down, and is still met.
      for (let place = database.all.size - 1; place >= 0; place -= 1) {
        const entry = database.all.at(Math.min(place, database.all.size - 1));
        if (entry && entry.rewrite !== this.#keyspace.rewrite) this.include(database, entry);
        yield;
      }
    }
  }

  #continue(): void {
    if (this.#closed || !this.#rewriting || !this.#next) return;
    const untilMs = performance.now() + REWRITE_SLICE_MS;
    for (;;) {
      if (this.#rewriting.next().done) {
        this.#finish();
        return;
      }
      if (performance.now() > untilMs) break;
    }
    this.#next.write();
    setImmediate(() => this.#guarded(() => this.#continue()));
  }

  /** The new file takes the place of the old one, whole. */
  #finish(): void {
    const next = this.#next as LogFile;
    next.write();
    next.sync();
    this.#file.close();
    // Windows renames nothing that is open.
    next.close();
    const path = join(this.#directory, LOG_FILE);
    renameSync(join(this.#directory, NEW_FILE), path);
    this.#file = new LogFile(path, 'a', next.bytes);
    this.#next = null;
    this.#rewriting = null;
    this.#mustSync = false;
    this.#bytesAfterRewrite = next.bytes;
    syncDirectory(this.#directory);
  }
}

export const makeDirectory = (directory: string): void => {
  mkdirSync(directory, { recursive: true });
};
