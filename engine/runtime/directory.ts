import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Everything that an engine puts on disk for its runs lies in one such directory, which goes with the engine. */
export async function makeEngineDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'archipel-'));
  // As root, PostgreSQL runs as another user, who must pass through here; the data itself stays private to that user.
  if (process.getuid?.() === 0) await chmod(directory, 0o711);
  return directory;
}

export const removeEngineDirectory = (directory: string): Promise<void> =>
  rm(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
