import { chmod, open, realpath, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { ArchipelError } from '../model/error.ts';
import { removeLeftovers, temporaryName } from './leftovers.ts';
import { revisionOf } from './read.ts';
import { assertReplaceable, type IsOurs } from './replaceable.ts';
import { whyUnwritable } from './unwritable.ts';

/** Writes a file so that at every moment it holds either all of the old or all of the new. See `saveDocument`. */
export async function replaceFile(options: {
  path: string;
  content: string;
  /** Of the file that is replaced; null to write where no opened file is. */
  expectedRevision: string | null;
  /** What may be replaced without a revision. */
  isOurs: IsOurs;
}): Promise<{ revision: string }> {
  const { content, expectedRevision, isOurs } = options;
  const file = await target(resolve(options.path));
  await assertReplaceable(file, expectedRevision, isOurs);
  await removeLeftovers(file);
  const temporary = join(dirname(file), temporaryName(basename(file)));
  try {
    await writeDurably(temporary, content, await modeOf(file));
    // Again, since writing took its time.
    await assertReplaceable(file, expectedRevision, isOurs);
    await replace(temporary, file);
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw error instanceof ArchipelError ? error : whyUnwritable(file, error);
  }
  await syncDirectory(dirname(file));
  return { revision: revisionOf(Buffer.from(content)) };
}

/** Through a symbolic link the file that it names is replaced, not the link. */
async function target(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}

const modeOf = (file: string): Promise<number | null> =>
  stat(file).then(
    ({ mode }) => mode & 0o7777,
    () => null,
  );

async function writeDurably(file: string, content: string, mode: number | null): Promise<void> {
  const handle = await open(file, 'wx');
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  if (mode !== null) await chmod(file, mode);
}

const WINDOWS_ATTEMPTS = 10;

/** On Windows a virus scanner or an indexer may hold the file open for a moment. */
async function replace(from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await rename(from, to);
    } catch (error) {
      const busy = ['EPERM', 'EACCES', 'EBUSY'].includes((error as NodeJS.ErrnoException).code ?? '');
      if (process.platform !== 'win32' || !busy || attempt === WINDOWS_ATTEMPTS) throw error;
      await new Promise((wait) => setTimeout(wait, attempt * 20));
    }
  }
}

/** Makes the new name survive a power cut. Windows has no such call, and some network drives refuse it. */
async function syncDirectory(directory: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(directory, 'r').catch(() => null);
  await handle?.sync().catch(() => {});
  await handle?.close();
}
