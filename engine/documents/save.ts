import { chmod, open, realpath, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { catalogue } from '../catalogue.ts';
import type { ArchipelDocument } from '../model/document.ts';
import { ArchipelError } from '../model/error.ts';
import { parseDocument } from '../model/parse.ts';
import { removeLeftovers, temporaryName } from './leftovers.ts';
import { revisionOf } from './read.ts';
import { assertReplaceable } from './replaceable.ts';
import { whyUnwritable } from './unwritable.ts';

export interface SaveOptions {
  path: string;
  document: ArchipelDocument;
  /** Of the file that this save replaces; null to write where no opened file is, as "save as" does. */
  expectedRevision: string | null;
}

export const serialize = (document: ArchipelDocument): string => `${JSON.stringify(document, null, 2)}\n`;

/**
 * Writes a document so that at every moment the file holds either all of the old or all of the new,
 * and nothing is replaced that its owner has not seen:
 *
 * - with a revision, only the file of that revision;
 * - without one, nothing, an empty file (save dialogs make them), or another document, as the save dialog has asked;
 *   never a file that Archipel cannot read, for that may be somebody's work that needs mending.
 */
export async function saveDocument({ path, document, expectedRevision }: SaveOptions): Promise<{ revision: string }> {
  const content = checked(document);
  const file = await target(resolve(path));
  await assertReplaceable(file, expectedRevision);
  await removeLeftovers(file);
  const temporary = join(dirname(file), temporaryName(basename(file)));
  try {
    await writeDurably(temporary, content, await modeOf(file));
    // Again, since writing took its time.
    await assertReplaceable(file, expectedRevision);
    await replace(temporary, file);
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw error instanceof ArchipelError ? error : whyUnwritable(file, error);
  }
  await syncDirectory(dirname(file));
  return { revision: revisionOf(Buffer.from(content)) };
}

/** A document that could not be opened again is not written. */
function checked(document: ArchipelDocument): string {
  const content = serialize(document);
  const parsed = parseDocument(JSON.parse(content), catalogue);
  if (parsed.ok || parsed.draft) return content;
  throw new ArchipelError(
    'document-invalid',
    'the document is not sound and could not be opened again',
    'Correct it at the paths given, then save.',
    {
      errors: parsed.errors,
    },
  );
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
