import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { dataDirectory } from './data-directory.ts';
import { writeSmallFile } from './small-file.ts';

const recentSchema = z.array(z.object({ path: z.string(), name: z.string(), atMs: z.number() }));
type RecentFile = z.infer<typeof recentSchema>[number];

const MOST = 12;
const fileIn = (directory: string): string => join(directory, 'recent.json');

async function read(directory: string): Promise<RecentFile[]> {
  const text = await readFile(fileIn(directory), 'utf8').catch(() => '[]');
  try {
    return recentSchema.parse(JSON.parse(text));
  } catch {
    // A list that cannot be read is worth nothing, and no reason to keep anybody from work.
    return [];
  }
}

/** Files that were opened or saved last, the newest first; a drive that is not plugged in may bring a missing one back. */
export async function listRecent(directory: string = dataDirectory()): Promise<(RecentFile & { missing: boolean })[]> {
  const found = await read(directory);
  const there = await Promise.all(
    found.map(({ path }) =>
      stat(path).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.map((file, index) => ({ ...file, missing: !there[index] }));
}

/** Forgets one of them, or all. */
export async function forgetRecent(path: string | null, directory: string = dataDirectory()): Promise<void> {
  const kept = path === null ? [] : (await read(directory)).filter((entry) => entry.path !== path);
  await writeSmallFile(fileIn(directory), JSON.stringify(kept));
}

export async function addRecent(
  { path, name }: Pick<RecentFile, 'path' | 'name'>,
  directory: string = dataDirectory(),
): Promise<void> {
  const others = (await read(directory)).filter((entry) => entry.path !== path);
  const entries = [{ path, name, atMs: Date.now() }, ...others].slice(0, MOST);
  await writeSmallFile(fileIn(directory), JSON.stringify(entries));
}
