import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The package's root: this code runs as `dist/engine/cli.mjs` or from `engine/cli/`, each two levels below it. */
export const packageRoot = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** The built interface, or null when it was not built. */
export function interfaceDirectory(): string | null {
  const directory = join(packageRoot, 'dist', 'renderer');
  return existsSync(join(directory, 'index.html')) ? directory : null;
}

const executables: Partial<Record<NodeJS.Platform, string>> = {
  win32: 'electron.exe',
  darwin: 'Electron.app/Contents/MacOS/Electron',
};

/** The program of Electron in a checkout: what `ELECTRON_OVERRIDE_DIST_PATH` names, or what the package downloaded. */
export function electronProgram(): { path: string; found: boolean } {
  const directory = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(packageRoot, 'node_modules', 'electron', 'dist');
  const path = join(directory, executables[process.platform] ?? 'electron');
  return { path, found: existsSync(path) };
}
