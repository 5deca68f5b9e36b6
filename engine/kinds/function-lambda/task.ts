import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, isAbsolute, join, resolve } from 'node:path';
import { Script } from 'node:vm';

/** Where the code of a function is: what LAMBDA_TASK_ROOT and _HANDLER say. */
export interface Task {
  root: string;
  handler: string;
  /** It is a copy of ours. */
  isOurs: boolean;
}

export interface TaskSource {
  source: string;
  file: string;
  handler: string;
}

/** Packages that code in a document finds, as those of a layer. */
const layer: Record<string, string> = { pg: 'pg.cjs' };

/**
 * Puts code from a document into a directory of its own below `directory`, or finds the file that the document names. `bundles`
 * is where our own programs lie.
 */
export function placeTask(
  { source, file, handler }: TaskSource,
  where: { directory: string; documentDirectory: string | null; bundles: string; revision: number },
): Task {
  if (file !== '') {
    if (where.documentDirectory === null && !isAbsolute(file))
      throw new Error(`the file "${file}" is relative to the document, which is in no file yet: save it first`);
    const path = resolve(where.documentDirectory ?? '/', file);
    return { root: dirname(path), handler: `${basename(path, extname(path))}.${handler}`, isOurs: false };
  }
  const root = join(where.directory, `task-${where.revision}`);
  mkdirSync(root, { recursive: true });
  writeFileSync(join(root, isCommonJs(source) ? 'index.cjs' : 'index.mjs'), source);
  for (const [name, bundle] of Object.entries(layer)) {
    const at = join(root, 'node_modules', name);
    mkdirSync(at, { recursive: true });
    writeFileSync(join(at, 'package.json'), JSON.stringify({ name, main: 'index.cjs' }));
    writeFileSync(join(at, 'index.cjs'), `module.exports = require(${JSON.stringify(join(where.bundles, bundle))});\n`);
  }
  return { root, handler: `index.${handler}`, isOurs: true };
}

export const removeTask = ({ root, isOurs }: Task): void => {
  if (isOurs) rmSync(root, { recursive: true, force: true });
};

/** Whether it compiles as the body of a CommonJS module. Compiling runs nothing. */
function isCommonJs(source: string): boolean {
  try {
    new Script(`(function (exports, require, module, __filename, __dirname) {${source.replace(/^#!/, '//')}\n})`);
    return true;
  } catch {
    return false;
  }
}
