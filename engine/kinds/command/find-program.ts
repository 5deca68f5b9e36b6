import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, extname, isAbsolute, join, resolve } from 'node:path';
import { ArchipelError } from '../../model/error.ts';

/** What Windows can start without a shell. */
const WINDOWS_PROGRAMS = ['.exe', '.com'];

/**
 * The file of the first of these programs that is there. A name is looked for on the PATH, a path in the directory.
 * A batch file is none: it would need a shell, and with it a document's arguments would become shell code.
 */
export function findProgram(
  names: readonly string[],
  {
    directory,
    env,
    platform = process.platform,
  }: { directory: string; env: NodeJS.ProcessEnv; platform?: NodeJS.Platform },
): string {
  const found = names.flatMap((name) => filesOf(name, directory, env, platform)).filter(({ size }) => size !== null);
  // Windows puts empty "python3.exe" on the PATH that only lead to its shop: they come last.
  const program = found.find(({ size }) => size !== 0) ?? found[0];
  if (program) return program.file;
  const list = names.map((name) => `"${name}"`).join(' or ');
  const batch = platform === 'win32' && names.some((name) => /\.(cmd|bat)$/i.test(name));
  throw new ArchipelError(
    'start-failed',
    batch
      ? `${list} is a batch file, which needs a shell, and commands run without one`
      : `there is no program ${list} ${names.some(isPath) ? `in ${directory}` : 'on the PATH'}`,
    batch
      ? 'Name the program that it runs, and give its arguments one by one.'
      : 'Install it, or name another program or its full path in the node.',
  );
}

const isPath = (name: string): boolean => /[\\/]/.test(name);

/** Where a program may be, with its size; null where nothing is that can be started. */
function filesOf(
  name: string,
  directory: string,
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform,
): { file: string; size: number | null }[] {
  const windows = platform === 'win32';
  const path = (windows ? Object.entries(env).find(([key]) => key.toUpperCase() === 'PATH')?.[1] : env.PATH) ?? '';
  const directories = path.split(delimiter).filter((part) => isAbsolute(part));
  const files = isPath(name) ? [resolve(directory, name)] : directories.map((part) => join(part, name));
  const withExtension = windows
    ? files.flatMap((file) =>
        WINDOWS_PROGRAMS.includes(extname(file).toLowerCase()) ? [file] : WINDOWS_PROGRAMS.map((end) => file + end),
      )
    : files;
  return withExtension.map((file) => ({ file, size: sizeOf(file, windows) }));
}

function sizeOf(file: string, windows: boolean): number | null {
  try {
    const found = statSync(file);
    if (!found.isFile()) return null;
    if (!windows) accessSync(file, constants.X_OK);
    return found.size;
  } catch {
    return null;
  }
}
