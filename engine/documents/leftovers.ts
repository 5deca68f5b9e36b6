import { randomBytes } from 'node:crypto';
import { readdir, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isAlive } from './is-alive.ts';

/** Name of the file that a save writes first, beside the document. It says which process writes it. */
export const temporaryName = (name: string): string =>
  `.${name}.${process.pid}-${randomBytes(6).toString('hex')}.saving`;

/** Removes what saves of the same file left behind that were killed half-way. */
export async function removeLeftovers(file: string): Promise<void> {
  const prefix = `.${basename(file)}.`;
  const names = await readdir(dirname(file)).catch(() => []);
  for (const name of names) {
    if (!name.startsWith(prefix)) continue;
    const pid = /^(\d+)-[0-9a-f]{12}\.saving$/.exec(name.slice(prefix.length))?.[1];
    if (pid && !isAlive(Number(pid))) await unlink(join(dirname(file), name)).catch(() => {});
  }
}
