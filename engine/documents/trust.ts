import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import type { DocumentTrust } from '../api/engine.ts';
import { catalogue } from '../catalogue.ts';
import { type CodePart, codeIn } from '../model/code.ts';
import type { ArchipelDocument } from '../model/document.ts';
import { ArchipelError } from '../model/error.ts';
import { dataDirectory } from './data-directory.ts';
import { examplesDirectory } from './templates.ts';

/** A file whose code the user has trusted, as it was then. */
export interface TrustedFile {
  path: string;
  /** Of its code parts. */
  sha256: string;
  atMs: number;
}

/** What the user trusts: files for good, code without a file until the end of the engine. */
export interface Trust {
  /** Whether the code in the file may run. The examples that came with the installation are trusted. */
  ofFile(path: string, document: ArchipelDocument): Promise<DocumentTrust>;
  /** Whether the code in a document may run now, wherever it is from: it was trusted, or opened from a trusted file. */
  covers(document: ArchipelDocument): boolean;
  trust(options: { path: string | null; document: ArchipelDocument }): Promise<void>;
  list(): Promise<TrustedFile[]>;
  /** Resolves with how many entries there were. */
  revoke(path: string): Promise<number>;
}

/**
 * Trust is kept per file and content: a file that was changed by somebody else asks again, and so does a copy in another
 * place. One small file for each entry, so that two engines at once do not overwrite each other's.
 */
export function createTrust(directory: string = join(dataDirectory(), 'trust')): Trust {
  const session = new Set<string>();
  const entryOf = (path: string, sha256: string): string =>
    join(directory, `${createHash('sha256').update(`${path}\0${sha256}`).digest('hex')}.json`);

  async function keep(path: string, sha256: string): Promise<void> {
    const absolute = await canonical(path);
    const entry: TrustedFile = { path: absolute, sha256, atMs: Date.now() };
    const file = entryOf(absolute, sha256);
    const temporary = `${file}.${randomUUID()}`;
    try {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      await writeFile(temporary, JSON.stringify(entry), { mode: 0o600 });
      await rename(temporary, file);
    } catch (error) {
      await rm(temporary, { force: true });
      throw new ArchipelError(
        'file-unwritable',
        `that you trust ${absolute} cannot be kept in ${directory}: ${(error as Error).message}`,
        'Make room there or give yourself the right to write; or name another directory in ARCHIPEL_DATA.',
        { cause: error },
      );
    }
  }

  async function entries(): Promise<(TrustedFile & { file: string })[]> {
    const names = await readdir(directory).catch(() => []);
    const read = await Promise.all(
      names
        .filter((name) => name.endsWith('.json'))
        .map(async (name) => {
          const file = join(directory, name);
          const entry: TrustedFile | null = await readFile(file, 'utf8')
            .then(JSON.parse)
            .catch(() => null);
          return entry && typeof entry.path === 'string' ? [{ ...entry, file }] : [];
        }),
    );
    return read.flat();
  }

  return {
    async ofFile(path, document) {
      const code = codeIn(document, catalogue);
      if (code.length === 0) return { trusted: true, code };
      const sha256 = hashOf(code);
      const absolute = await canonical(path);
      const trusted =
        isBelow(absolute, await canonical(examplesDirectory())) ||
        (await readFile(entryOf(absolute, sha256)).then(
          () => true,
          () => false,
        ));
      if (trusted) session.add(sha256);
      return { trusted, code };
    },
    covers(document) {
      const code = codeIn(document, catalogue);
      return code.length === 0 || session.has(hashOf(code));
    },
    async trust({ path, document }) {
      const code = codeIn(document, catalogue);
      if (code.length === 0) return;
      const sha256 = hashOf(code);
      session.add(sha256);
      if (path !== null) await keep(path, sha256);
    },
    async list() {
      const found = await entries();
      return found.map(({ path, sha256, atMs }) => ({ path, sha256, atMs })).sort((a, b) => b.atMs - a.atMs);
    },
    async revoke(path) {
      const absolute = await canonical(path);
      const found = (await entries()).filter((entry) => entry.path === absolute);
      await Promise.all(found.map(({ file }) => rm(file, { force: true })));
      return found.length;
    },
  };
}

/** Where the code stands in the document does not matter, only which node would run what. */
const hashOf = (code: readonly CodePart[]): string =>
  createHash('sha256')
    .update(JSON.stringify(code.map(({ nodeId, text }) => [nodeId, text])))
    .digest('hex');

const canonical = (path: string): Promise<string> => realpath(path).catch(() => resolve(path));

const isBelow = (path: string, directory: string): boolean => path.startsWith(directory + sep);
