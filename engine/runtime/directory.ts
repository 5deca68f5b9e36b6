import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Everything that an engine puts on disk for its runs lies in one such directory, which goes with the engine. */
export const makeEngineDirectory = (): Promise<string> => makeDirectory(join(tmpdir(), 'archipel-'));

/** Inside it, each topology has one of its own, which goes with the topology. */
export const makeTopologyDirectory = (engineDirectory: string): Promise<string> =>
  makeDirectory(join(engineDirectory, 'topology-'));

export const removeDirectory = (directory: string): Promise<void> =>
  rm(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });

async function makeDirectory(prefix: string): Promise<string> {
  const directory = await mkdtemp(prefix);
  // As root, PostgreSQL runs as another user, who must pass through here; the data itself stays private to that user.
  if (process.getuid?.() === 0) await chmod(directory, 0o711);
  return directory;
}
