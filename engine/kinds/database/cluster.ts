import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ArchipelError } from '../../model/error.ts';
import type { Account } from './account.ts';
import { toolIn } from './binaries.ts';
import { explainPostgres } from './explain.ts';
import { endLeftovers } from './leftovers.ts';
import { runTool } from './run-tool.ts';

export const SUPERUSER = 'postgres';

export const generatePassword = (): string => randomBytes(24).toString('base64url');

/** Makes an empty database cluster in `directory`/data. Whatever goes wrong, nothing is left in the directory. */
export async function createCluster(options: {
  postgres: string;
  directory: string;
  superuserPassword: string;
  account: Account | null;
  signal: AbortSignal;
}): Promise<string> {
  const { directory, account, signal } = options;
  const data = join(directory, 'data');
  const passwordFile = join(directory, 'initdb-password');
  try {
    await mkdir(directory, { recursive: true });
    // The account may pass through, not look around.
    if (account) await chmod(directory, 0o711);
    await mkdir(data, { mode: 0o700 });
    await writeFile(passwordFile, options.superuserPassword, { mode: 0o600 });
    if (account) for (const path of [data, passwordFile]) await chown(path, account.uid, account.gid);
    const { exitCode, output } = await runTool({
      command: toolIn(options.postgres, 'initdb'),
      args: [
        ...['-D', data, '-U', SUPERUSER, '--auth=scram-sha-256', `--pwfile=${passwordFile}`],
        ...['--encoding=UTF8', '--locale=C', '--no-instructions'],
        // The cluster goes with the run: it need not survive the loss of power in its first seconds.
        '--no-sync',
        ...scramSettings.flatMap((setting) => ['-c', setting]),
      ],
      cwd: directory,
      account,
      signal,
    });
    if (exitCode !== 0) throw explainPostgres(`initdb ended with exit code ${exitCode}`, output);
    await rm(passwordFile);
    return data;
  } catch (error) {
    // Its child may need a moment longer to go than initdb itself, and would write where all is removed.
    await endLeftovers(directory).catch(() => {});
    await rm(data, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 }).catch(() => {});
    await rm(passwordFile, { force: true }).catch(() => {});
    if (error instanceof ArchipelError || signal.aborted) throw error;
    throw unusable(options.postgres, error);
  }
}

/** Repeated hashing protects weak passwords. Ours have 192 random bits, and a login costs milliseconds less without it. */
export const scramSettings = ['password_encryption=scram-sha-256', 'scram_iterations=1'];

function unusable(postgres: string, error: unknown): ArchipelError {
  const { code, message = String(error) } = error as NodeJS.ErrnoException;
  // What exists and "does not exist" lacks its loader: binaries for glibc on a system without it.
  const why = code === 'ENOENT' ? `${message}; it is built for a system with glibc` : message;
  return explainPostgres(
    'the database cluster cannot be made',
    [why],
    error instanceof Error ? error : new Error(`${postgres}: ${why}`),
  );
}
