import { ArchipelError } from '../model/error.ts';
import type { ProcessTarget } from './inject.ts';

const LOOKS = 3;

/** How long the quickest of a few writes takes until the broker has confirmed it, in milliseconds. Fails where it keeps nothing on a disk. */
export async function diskWriteMs(target: ProcessTarget): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let look = 0; look < LOOKS; look += 1) best = Math.min(best, await writeOnce(target));
  return best;
}

async function writeOnce(target: ProcessTarget): Promise<number> {
  const durationMs = await target.call('disk-write', {}).catch((cause: unknown) => {
    throw new ArchipelError(
      'fault-impossible',
      `Nothing can be made of the disk of replica ${target.replica} of "${target.nodeId}": ${cause instanceof Error ? cause.message : String(cause)}.`,
      'It is possible with an embedded server that runs. Choose another fault, or the embedded server.',
      { cause },
    );
  });
  if (typeof durationMs === 'number') return durationMs;
  throw new ArchipelError(
    'fault-impossible',
    `"${target.nodeId}" keeps nothing on a disk.`,
    'Let it keep its messages ("Persistence"), or choose another fault.',
  );
}
