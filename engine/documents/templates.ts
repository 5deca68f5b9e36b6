import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TemplateSummary } from '../api/engine.ts';
import { ArchipelError } from '../model/error.ts';
import { openDocument } from './open.ts';

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

/** The documents that come with Archipel, by name. */
export async function listTemplates(directory: string = examplesDirectory()): Promise<TemplateSummary[]> {
  const names = await readdir(directory).catch((error: unknown) => {
    throw new ArchipelError(
      'not-found',
      `the directory of the examples, ${directory}, cannot be read`,
      'Install Archipel again, or name another directory in ARCHIPEL_EXAMPLES.',
      { cause: error },
    );
  });
  const files = names.filter((name) => name.endsWith(EXTENSION)).sort();
  return Promise.all(
    files.map(async (file) => {
      const { path, document } = await openDocument(join(directory, file));
      return { name: file.slice(0, -EXTENSION.length), title: document.name, description: document.description, path };
    }),
  );
}
