import type { z } from 'zod';
import type { StartAct } from '../act.ts';
import { collectGarbage } from '../collect-garbage.ts';
import type { memoryBallastDefinition } from './definition.ts';

export type MemoryBallastParameters = z.output<(typeof memoryBallastDefinition)['parameters']>;

/** Written at a time: some milliseconds, after which the event loop has its turn. */
const PIECE_MB = 8;
const MB = 1024 * 1024;

export const actMemoryBallast: StartAct<MemoryBallastParameters> = async ({ parameters }) => {
  let wanted = Math.round(parameters.sizeMb);
  let heldMb = 0;
  let stopped = false;
  let filling: Promise<void> | null = null;
  let pieces: Buffer[] = [];
  const fill = async (): Promise<void> => {
    while (heldMb < wanted && !stopped) {
      const mb = Math.min(PIECE_MB, wanted - heldMb);
      // Written to, or the operating system would not really hand it out.
      pieces.push(Buffer.alloc(mb * MB, 1));
      heldMb += mb;
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const grow = (): Promise<void> => {
    filling ??= fill().finally(() => {
      filling = null;
    });
    return filling;
  };
  await grow();
  return {
    update(changed) {
      wanted = Math.round(changed.sizeMb);
      void grow();
    },
    measured: () => ({ heldMb }),
    stop() {
      stopped = true;
      pieces = [];
      collectGarbage();
    },
  };
};
