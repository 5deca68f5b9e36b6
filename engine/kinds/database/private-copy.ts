import { constants } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { ArchipelError } from '../../model/error.ts';
import type { Account } from './account.ts';
import { toolIn } from './binaries.ts';
import { explainPostgres } from './explain.ts';
import { runTool } from './run-tool.ts';

/**
 * npm packages cannot hold symbolic links, so the libraries' other names are listed in a file and made after the install.
 * True when all are there now; false when some are missing and cannot be made.
 */
export async function linkLibraries(directory: string): Promise<boolean> {
  const listed = await readFile(join(directory, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  let complete = true;
  for (const { source, target } of JSON.parse(listed) as { source: string; target: string }[]) {
    // Both are paths from the root of the package, where this directory is called `native`.
    const link = join(directory, relative('native', target));
    if (await exists(link)) continue;
    await symlink(relative(dirname(target), source), link).catch(() => {});
    complete &&= await exists(link);
  }
  return complete;
}

const copies = new Map<string, Promise<string>>();

/**
 * PostgreSQL as the account can run it: the installed one, or a copy where that one is incomplete and read-only,
 * or out of the account's reach. A copy is made once per engine: it lies beside the directories of the replicas and goes with them.
 */
export async function usablePostgres(options: {
  installed: string;
  directory: string;
  account: Account | null;
  signal: AbortSignal;
}): Promise<string> {
  const { installed, account, signal } = options;
  if ((await linkLibraries(installed)) && (await runs(installed, account, signal)).ok) return installed;
  const copy = join(dirname(options.directory), 'postgresql');
  let copying = copies.get(copy);
  if (!copying) {
    copying = copyPostgres(installed, copy);
    copies.set(copy, copying);
    // The next one tries again when this fails, and looks on the disk when it does not.
    const forget = (): void => void copies.delete(copy);
    copying.then(forget, forget);
  }
  const copied = await copying;
  const check = await runs(copied, account, signal);
  if (check.ok) return copied;
  throw explainPostgres('the bundled PostgreSQL does not run on this system', check.output);
}

async function runs(
  directory: string,
  account: Account | null,
  signal: AbortSignal,
): Promise<{ ok: boolean; output: string[] }> {
  // As ourselves, the start of the server itself is the check.
  if (!account) return { ok: true, output: [] };
  try {
    const { exitCode, output } = await runTool({
      command: toolIn(directory, 'postgres'),
      args: ['--version'],
      cwd: '/',
      account,
      signal,
    });
    return { ok: exitCode === 0, output };
  } catch (error) {
    signal.throwIfAborted();
    return { ok: false, output: [error instanceof Error ? error.message : String(error)] };
  }
}

async function copyPostgres(installed: string, copy: string): Promise<string> {
  if (await exists(copy)) return copy;
  const unfinished = `${copy}-unfinished`;
  try {
    await rm(unfinished, { recursive: true, force: true });
    await mkdir(unfinished);
    await chmod(unfinished, 0o755);
    await copyTree(installed, unfinished);
    await linkLibraries(unfinished);
    // By rename, so that a copy is there as a whole or not at all.
    await rename(unfinished, copy);
    return copy;
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true }).catch(() => {});
    throw new ArchipelError(
      'database-unavailable',
      `PostgreSQL cannot be copied from ${installed} to ${copy}: ${error instanceof Error ? error.message : String(error)}`,
      'Free some space in the temporary directory (60 MB), or set TMPDIR to a larger one.',
      { cause: error },
    );
  }
}

/** Plain files and directories, readable by all. The links are made anew. */
async function copyTree(from: string, to: string): Promise<void> {
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) {
      await mkdir(target);
      await chmod(target, 0o755);
      await copyTree(source, target);
    } else if (entry.isFile() && !entry.name.endsWith('.a')) {
      await copyFile(source, target, constants.COPYFILE_FICLONE);
      await chmod(target, (await stat(source)).mode & 0o100 ? 0o755 : 0o644);
    }
  }
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
