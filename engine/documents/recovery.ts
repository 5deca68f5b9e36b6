import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { KeptEdits } from '../api/engine.ts';
import { catalogue } from '../catalogue.ts';
import type { ArchipelDocument } from '../model/document.ts';
import { parseDocument } from '../model/parse.ts';
import { dataDirectory } from './data-directory.ts';
import { isAlive } from './is-alive.ts';
import { writeSmallFile } from './small-file.ts';

const entrySchema = z.object({
  key: z.string(),
  /** Of the engine that the window worked with. */
  pid: z.number(),
  path: z.string().nullable(),
  directory: z.string().nullable(),
  revision: z.string().nullable(),
  atMs: z.number(),
  document: z.unknown(),
});

/** Where edits are kept that no file has yet, until they are saved or given up. */
const directoryOf = (data: string): string => join(data, 'recovery');
const fileOf = (data: string, key: string): string => join(directoryOf(data), `${key}.json`);

export async function keepEdits(edits: KeptEdits, data: string = dataDirectory()): Promise<void> {
  await writeSmallFile(fileOf(data, edits.key), JSON.stringify({ ...edits, pid: process.pid }));
}

export async function discardEdits(key: string, data: string = dataDirectory()): Promise<void> {
  await rm(fileOf(data, key), { force: true });
}

/**
 * Edits that nobody works on any more: of windows whose engine is gone, and those of the window that asks, from before it was
 * loaded again. The newest first. What cannot be read as a document is passed over and kept.
 */
export async function recoverableEdits(key: string, data: string = dataDirectory()): Promise<KeptEdits[]> {
  const names = await readdir(directoryOf(data)).catch(() => []);
  const found = await Promise.all(
    names
      .filter((name) => name.endsWith('.json'))
      .map(async (name): Promise<KeptEdits[]> => {
        try {
          const { pid, ...entry } = entrySchema.parse(
            JSON.parse(await readFile(join(directoryOf(data), name), 'utf8')),
          );
          if (entry.key !== key && isAlive(pid)) return [];
          const parsed = parseDocument(entry.document, catalogue);
          // Edits in the middle of typing may be unsound; they are kept all the same.
          const document = parsed.ok ? parsed.document : (parsed.draft ?? (entry.document as ArchipelDocument));
          return [{ ...entry, document }];
        } catch {
          return [];
        }
      }),
  );
  return found.flat().sort((a, b) => b.atMs - a.atMs);
}
