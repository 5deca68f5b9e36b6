import type { z } from 'zod';
import type { StartAct } from '../act.ts';
import { collectGarbage } from '../collect-garbage.ts';
import { heapBlock } from '../heap-block.ts';
import type { memoryLeakDefinition } from './definition.ts';

export type MemoryLeakParameters = z.output<(typeof memoryLeakDefinition)['parameters']>;

const STEP_MS = 50;
const PIECE_MB = 1;
const MB = 1024 * 1024;

export const actMemoryLeak: StartAct<MemoryLeakParameters> = ({ parameters }) => {
  let { mbPerSec, limitMb, where } = parameters;
  let leakedMb = 0;
  let owedMb = 0;
  let kept: unknown[] = [];
  const timer = setInterval(() => {
    owedMb = Math.min(limitMb - leakedMb, owedMb + (mbPerSec * STEP_MS) / 1000);
    for (; owedMb >= PIECE_MB; owedMb -= PIECE_MB) {
      // Written to, or the operating system would not really hand it out.
      kept.push(where === 'heap' ? heapBlock(PIECE_MB) : Buffer.alloc(PIECE_MB * MB, 1));
      leakedMb += PIECE_MB;
    }
  }, STEP_MS);
  timer.unref();
  return {
    update(changed) {
      ({ mbPerSec, limitMb, where } = changed);
    },
    measured: () => ({ leakedMb }),
    stop() {
      clearInterval(timer);
      kept = [];
      collectGarbage();
    },
  };
};
