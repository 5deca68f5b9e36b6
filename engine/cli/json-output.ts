import { constants } from 'node:fs';
import { access, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { ArchipelError } from '../model/error.ts';

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
      writeFile(file, content).catch((error: Error) => {
        throw unwritable(error.message, error);
      }),
  };
}

const toText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

export const writeOut = (text: string | Uint8Array): Promise<void> =>
  new Promise((resolve, reject) => process.stdout.write(text, (error) => (error ? reject(error) : resolve())));
