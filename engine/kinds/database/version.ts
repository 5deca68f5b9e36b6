import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findPostgres, toolIn } from './binaries.ts';

/** The version of the embedded PostgreSQL as it says itself, or null where there is none that runs. */
export async function postgresVersion(): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)(toolIn(findPostgres(), 'postgres'), ['--version'], {
      timeout: 5000,
      windowsHide: true,
    });
    return /\d+(\.\d+)*/.exec(stdout)?.[0] ?? null;
  } catch {
    return null;
  }
}
