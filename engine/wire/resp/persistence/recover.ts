import { closeSync, existsSync, ftruncateSync, openSync, readSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { createDecoder } from '../decoder.ts';
import { ProtocolError } from '../errors.ts';
import { LOG_FILE } from './log.ts';

const CHUNK_BYTES = 1024 * 1024;
/** What was written may be as long as it likes. */
const NO_LIMITS = { maxBulkBytes: 2 ** 40, maxArguments: 2 ** 31, maxRequestBytes: 2 ** 41 };

/** The file is damaged before its end. */
export class DamagedLogError extends Error {}

/** What was read: its bytes, and how many were cut off because the last write was not finished. */
export interface Recovered {
  bytes: number;
  cutOffBytes: number;
  commands: number;
}

/**
 * Runs the commands of the log, in order. A last command or transaction that is not there whole was never confirmed: it is
 * cut off. Anything else that is no command throws a `DamagedLogError`.
 */
export function recover(directory: string, run: (args: string[]) => void): Recovered {
  // Of a rewrite that did not end.
  const unfinished = join(directory, `${LOG_FILE}.new`);
  if (existsSync(unfinished)) unlinkSync(unfinished);
  const path = join(directory, LOG_FILE);
  if (!existsSync(path)) return { bytes: 0, cutOffBytes: 0, commands: 0 };
  const file = openSync(path, 'r+');
  try {
    const reader = createReader(file);
    let transaction: string[][] | null = null;
    let goodBytes = 0;
    let commands = 0;
    for (let args = reader.next(); args; args = reader.next()) {
      const name = (args[0] as string).toLowerCase();
      if (name === 'multi') transaction = [];
      else if (name === 'exec' && transaction) {
        for (const each of transaction) run(each);
        transaction = null;
      } else if (transaction) transaction.push(args);
      else run(args);
      commands += 1;
      if (!transaction) goodBytes = reader.bytes;
    }
    if (goodBytes < reader.totalBytes) ftruncateSync(file, goodBytes);
    return { bytes: goodBytes, cutOffBytes: reader.totalBytes - goodBytes, commands };
  } catch (error) {
    if (error instanceof ProtocolError)
      throw new DamagedLogError(
        `${path} is damaged: ${error.message}. Restore it from a copy, or move it away to begin without it.`,
      );
    throw error;
  } finally {
    closeSync(file);
  }
}

/** Commands of a file. `bytes`: of those that were given. */
function createReader(file: number): { next(): string[] | null; readonly bytes: number; readonly totalBytes: number } {
  const decoder = createDecoder(NO_LIMITS);
  let bytes = 0;
  let totalBytes = 0;
  return {
    get bytes() {
      return bytes;
    },
    get totalBytes() {
      return totalBytes;
    },
    next() {
      for (;;) {
        const args = decoder.next();
        if (args) {
          bytes += lengthOf(args);
          return args;
        }
        const chunk = Buffer.alloc(CHUNK_BYTES);
        const read = readSync(file, chunk);
        if (read === 0) return null;
        totalBytes += read;
        decoder.push(chunk.subarray(0, read));
      }
    },
  };
}

const digits = (value: number): number => String(value).length;

/** Of a command as the log has it. */
const lengthOf = (args: readonly string[]): number =>
  args.reduce((sum, { length }) => sum + digits(length) + length + 5, digits(args.length) + 3);
