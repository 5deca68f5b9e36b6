import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ArchipelError } from '../../model/error.ts';
import type { Block } from '../../process-kit/block.ts';
import type { ProcessTarget } from '../inject.ts';

/**
 * Blocks the event loop of a program of ours, where the operating system cannot stop a process. A blocked process hears
 * nothing, so what it watches is a file, which also holds the end of the lease.
 */
export async function block(
  target: ProcessTarget,
  expiresAtMs: number,
): Promise<{ renew(expiresAtMs: number): Promise<void>; end(): Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'archipel-pause-'));
  const sentinelFile = join(directory, 'until');
  const write = async (untilMs: number): Promise<void> => {
    // Renamed into place: the reader never sees half a number.
    await writeFile(`${sentinelFile}.new`, String(untilMs));
    await rename(`${sentinelFile}.new`, sentinelFile);
  };
  const end = (): Promise<void> => rm(directory, { recursive: true, force: true });
  try {
    await write(expiresAtMs);
    await target.call('block', { sentinelFile } satisfies Block);
  } catch (cause) {
    await end();
    throw new ArchipelError(
      'fault-impossible',
      `Replica ${target.replica} of "${target.nodeId}" cannot be paused: Windows cannot stop a process, and this program cannot block itself.`,
      'Kill it instead, or pause a node of another kind.',
      { cause },
    );
  }
  return { renew: write, end };
}
