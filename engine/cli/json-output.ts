import { constants } from 'node:fs';
import { access, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { ArchipelError, toArchipelError } from '../model/error.ts';
import { printError } from './problems.ts';
import { createTerminal } from './terminal.ts';

/** Where `--json` writes: a file, or standard output for `-`. */
export interface JsonOutput {
  write(value: unknown): Promise<void>;
}

/** Checks the place before the work, so that no run is lost for a mistyped path. */
export async function openJsonOutput(destination: string | undefined, option = '--json'): Promise<JsonOutput> {
  if (destination === undefined) return { async write() {} };
  if (destination === '-') return { write: (value) => writeOut(toText(value)) };
  const { write } = await openTextFile(destination, option);
  return { write: (value) => write(toText(value)) };
}

/** A file that an option names. Whether it can be written is found out now, and what is wrong names the option. */
export async function openTextFile(
  destination: string,
  option: string,
): Promise<{ file: string; write(content: string | Uint8Array): Promise<void> }> {
  const file = resolve(destination);
  const unwritable = (why: string, cause?: unknown): ArchipelError =>
    new ArchipelError('file-unwritable', `${file} cannot be written: ${why}`, `Choose another place for ${option}.`, {
      cause,
    });
  const found = await stat(file).catch(() => null);
  if (found?.isDirectory()) throw unwritable('it is a directory');
  await access(found ? file : dirname(file), constants.W_OK).catch((error: NodeJS.ErrnoException) => {
    throw unwritable(error.code === 'ENOENT' ? 'its directory does not exist' : 'this user may not write there', error);
  });
  return {
    file,
    write: (content) =>
      writeWhole(file, content).catch((error: Error) => {
        throw unwritable(error.message, error);
      }),
  };
}

/** Whole or not at all, so that a full disk leaves no half of it. What is no ordinary file, such as a pipe, is written to as it is. */
async function writeWhole(named: string, content: string | Uint8Array): Promise<void> {
  const found = await stat(named).catch(() => null);
  if (found && !found.isFile()) return writeFile(named, content);
  const file = found ? await realpath(named) : named;
  const temporary = join(dirname(file), `.${basename(file)}.${process.pid}`);
  try {
    await writeFile(temporary, content);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    // Some may write a file and not beside it.
    if (found && ['EACCES', 'EPERM', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? ''))
      return writeFile(file, content);
    throw error;
  }
}

/** What was measured stands, whether it can be written or not: says what could not be, and goes on. */
export async function tellUnwritten(write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    const known = toArchipelError(error);
    if (known.code !== 'file-unwritable') throw error;
    printError(createTerminal(process.stderr), known);
  }
}

const toText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

export const writeOut = (text: string | Uint8Array): Promise<void> =>
  new Promise((resolve, reject) => process.stdout.write(text, (error) => (error ? reject(error) : resolve())));
