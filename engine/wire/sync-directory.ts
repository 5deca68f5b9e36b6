import { closeSync, fsyncSync, openSync } from 'node:fs';

/** So that the name of a new file is on the disk too; Windows has nothing like it. */
export function syncDirectory(directory: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(directory, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}
