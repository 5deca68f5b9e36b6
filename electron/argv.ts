import { resolve } from 'node:path';

/**
 * The document that a command line asks for. `developing` says that the first argument is the app itself,
 * as in `electron . FILE`; switches of Chromium and Electron may stand anywhere.
 */
export function documentPath(argv: readonly string[], options: { developing: boolean; cwd: string }): string | null {
  const positional = argv.slice(1).filter((argument) => !argument.startsWith('-'));
  const path = positional[options.developing ? 1 : 0];
  return path ? resolve(options.cwd, path) : null;
}
