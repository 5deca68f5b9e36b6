import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { syncDirectory } from '../../sync-directory.ts';

/** Puts a file in the place of another, whole. `durable`: it is on the disk when this returns. */
export function replaceFile(path: string, contents: string, durable: boolean): void {
  const temporary = `${path}.new`;
  const descriptor = openSync(temporary, 'w');
  try {
    writeFileSync(descriptor, contents);
    if (durable) fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(temporary, path);
  if (durable) syncDirectory(dirname(path));
}
