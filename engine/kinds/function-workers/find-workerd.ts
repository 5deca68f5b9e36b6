import { accessSync, constants, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join, sep } from 'node:path';

/**
 * Cloudflare's runtime, if it is installed: what the variable ARCHIPEL_WORKERD names, npm's package `workerd` as seen from one of these
 * directories, or a program on PATH. Null: none.
 */
export function findWorkerd(directories: readonly string[], env: NodeJS.ProcessEnv): string | null {
  const named = env.ARCHIPEL_WORKERD;
  if (named) return named;
  for (const directory of directories) {
    const found = inPackage(join(directory, 'noop.js'));
    if (found) return found;
  }
  const name = process.platform === 'win32' ? 'workerd.exe' : 'workerd';
  for (const directory of (env.PATH ?? env.Path ?? '').split(delimiter)) {
    if (directory === '') continue;
    try {
      const path = join(directory, name);
      accessSync(path, constants.X_OK);
      const real = realpathSync(path);
      // npm puts a script of Node's there, which would start the runtime as a process of its own.
      return real.includes(`${sep}node_modules${sep}`) ? (inPackage(real) ?? real) : real;
    } catch {
      // Not in this one.
    }
  }
  return null;
}

/** The package exports the path of its program. */
function inPackage(from: string): string | null {
  try {
    const found = createRequire(from)('workerd') as { default?: string };
    return found.default ?? null;
  } catch {
    return null;
  }
}
