import { readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

/** One file of a Worker. */
export interface WorkerModule {
  /** By which the others find it: its path below the folder that holds them all, with "/". */
  name: string;
  path: string;
}

/** `import … from './x.js'`, `export … from './x.js'`, `import './x.js'`, `import('./x.js')`. */
const RELATIVE_IMPORT = /\b(?:from|import)\s*\(?\s*(["'])(\.{1,2}\/[^"'\n]+)\1/g;

/**
 * The file and those that it imports by relative paths, directly or not, itself first. What only looks like an import, as in a comment,
 * and names no file is left out; what is really missing the runtime tells.
 */
export function modulesOf(file: string): WorkerModule[] {
  const paths = new Set([resolve(file)]);
  for (const path of paths)
    for (const [, , specifier] of readFileSync(path, 'utf8').matchAll(RELATIVE_IMPORT)) {
      const found = resolve(dirname(path), specifier as string);
      if (statSync(found, { throwIfNoEntry: false })?.isFile()) paths.add(found);
    }
  const root = [...paths].map((path) => dirname(path)).reduce(commonFolder);
  return [...paths].map((path) => ({ path, name: relative(root, path).split(sep).join('/') }));
}

function commonFolder(a: string, b: string): string {
  let common = a;
  while (common !== b && !b.startsWith(common.endsWith(sep) ? common : common + sep)) common = join(common, '..');
  return common;
}
