import { injectAct } from '../inject-act.ts';
import { memoryGivenBack } from '../memory-given-back.ts';
import { inMb, usageOf } from '../process-usage.ts';
import { untilMeasured } from '../until-measured.ts';
import type { MemoryLeakParameters } from './act.ts';

const LOOK_MS = 3000;
/** So much shows beside what a program takes and gives back by itself. */
const SHOWS_MB = 16;
/** What of it must be resident. */
const ENOUGH = 0.7;

export const injectMemoryLeak = injectAct<MemoryLeakParameters>('memory-leak', {
  mayEndIt: true,
  async before({ target, notes }) {
    notes.beforeMb = (await usageOf(target)).rssMb;
  },
  async effect({ target, parameters: { mbPerSec, limitMb }, state, notes }) {
    const shows = Math.min(SHOWS_MB, limitMb - 1, (mbPerSec * LOOK_MS) / 2000);
    const { leakedMb = 0 } = await untilMeasured(state, ({ leakedMb: mb = 0 }) => mb >= shows, LOOK_MS);
    const { rssMb } = await usageOf(target);
    const grownMb = rssMb - (notes.beforeMb ?? 0);
    return {
      holds: leakedMb >= shows && grownMb >= ENOUGH * leakedMb,
      evidence: `resident memory ${inMb(notes.beforeMb ?? 0)} → ${inMb(rssMb)}; ${inMb(leakedMb)} are leaked so far`,
    };
  },
  ending: async ({ target, state, notes }) => {
    notes.atEndMb = (await usageOf(target)).rssMb;
    notes.heldMb = (await state()).measured?.leakedMb ?? 0;
  },
  removal: memoryGivenBack,
});
