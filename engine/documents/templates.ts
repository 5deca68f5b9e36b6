import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ComparisonTemplate, TemplateSummary } from '../api/engine.ts';
import type { ArchipelDocument } from '../model/document.ts';
import { ArchipelError } from '../model/error.ts';
import { isComparisonFile, openComparison } from './comparison-file.ts';
import { dataDirectory } from './data-directory.ts';
import { openDocument } from './open.ts';
import { saveDocument } from './save.ts';
import { whyUnwritable } from './unwritable.ts';

const EXTENSION = '.archipel.json';

/**
 * Where the examples are: `examples/` in the package. This code runs as `dist/engine/*.mjs` or from its source, each
 * two levels below the package. Inside a packaged app the directory lies unpacked beside `app.asar`.
 */
export function examplesDirectory(): string {
  if (process.env.ARCHIPEL_EXAMPLES) return process.env.ARCHIPEL_EXAMPLES;
  const packaged = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'examples');
  const unpacked = packaged.replace(/app\.asar([\\/])/, 'app.asar.unpacked$1');
  return existsSync(unpacked) ? unpacked : packaged;
}

/** Where the user's own templates are. */
const ownTemplatesDirectory = (): string => join(dataDirectory(), 'templates');

/** The documents that come with Archipel, by name, then the user's own. */
export async function listTemplates(
  directory: string = examplesDirectory(),
  own: string = ownTemplatesDirectory(),
): Promise<TemplateSummary[]> {
  const names = await readdir(directory).catch((error: unknown) => {
    throw new ArchipelError(
      'not-found',
      `the directory of the examples, ${directory}, cannot be read`,
      'Install Archipel again, or name another directory in ARCHIPEL_EXAMPLES.',
      { cause: error },
    );
  });
  const ownNames = await readdir(own).catch(() => []);
  const files = [
    ...documentsIn(names).map((file) => ({ directory, file, own: false })),
    ...documentsIn(ownNames).map((file) => ({ directory: own, file, own: true })),
  ];
  const found = await Promise.all(
    files.map(async ({ directory: folder, file, own: isOwn }) => {
      const opening = openDocument(join(folder, file));
      // One of the user's that is broken does not hide the others.
      const opened = await (isOwn ? opening.catch(() => null) : opening);
      if (!opened) return [];
      const { path, document } = opened;
      const name = file.slice(0, -EXTENSION.length);
      return [{ name, title: document.name, description: document.description, path, own: isOwn, document }];
    }),
  );
  return found.flat();
}

/** The comparisons that come with Archipel, by name. One whose documents are not there is left out. */
export async function listComparisons(directory: string = examplesDirectory()): Promise<ComparisonTemplate[]> {
  const names = await readdir(directory).catch(() => []);
  const found = await Promise.all(
    names
      .filter(isComparisonFile)
      .sort()
      .map((name) => openComparison(join(directory, name)).catch(() => null)),
  );
  return found.flatMap((opened) => {
    if (!opened) return [];
    const { path, title, statement, a, b } = opened;
    return [{ path, title, statement, a: a.document, b: b.document }];
  });
}

const documentsIn = (names: readonly string[]): string[] => names.filter((name) => name.endsWith(EXTENSION)).sort();

/** Keeps a document, or a part of one, as a template. Resolves with its path; none is overwritten. */
export async function saveTemplate(document: ArchipelDocument, own: string = ownTemplatesDirectory()): Promise<string> {
  const taken = await readdir(own).catch(() => [] as string[]);
  const root =
    document.name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 60) || 'template';
  let name = `${root}${EXTENSION}`;
  for (let number = 2; taken.includes(name); number += 1) name = `${root}-${number}${EXTENSION}`;
  const path = join(own, name);
  await mkdir(own, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw whyUnwritable(own, error);
  });
  await saveDocument({ path, document, expectedRevision: null });
  return path;
}

/** Removes one of the user's own templates. */
export async function deleteTemplate(path: string, own: string = ownTemplatesDirectory()): Promise<void> {
  if (dirname(path) !== own || !path.endsWith(EXTENSION))
    throw new ArchipelError('not-found', `${path} is no template of yours`, 'Choose one of your own templates.');
  await rm(path, { force: true });
}
