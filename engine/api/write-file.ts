import { writeFile } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { ArchipelError } from '../model/error.ts';

/** Writes a file to a place that somebody chose. */
export async function writeChosenFile(path: string, content: string | Uint8Array): Promise<void> {
  if (!isAbsolute(path)) throw unwritable(path, 'it is not a whole path');
  await writeFile(path, content).catch((error: Error) => {
    throw unwritable(path, error.message, error);
  });
}

const unwritable = (path: string, why: string, cause?: Error): ArchipelError =>
  new ArchipelError('file-unwritable', `${path} cannot be written: ${why}`, 'Choose another place for it.', { cause });
