import { injectAct } from '../inject-act.ts';
import { memoryGivenBack } from '../memory-given-back.ts';
import { inMb, usageOf } from '../process-usage.ts';
import { untilMeasured } from '../until-measured.ts';
import type { MemoryBallastParameters } from './act.ts';

const LOOK_MS = 4000;
/** What of it must be resident. */
const ENOUGH = 0.8;

export const injectMemoryBallast = injectAct<MemoryBallastParameters>('memory-ballast', {
  mayEndIt: true,
  async before({ target, notes }) {
    notes.beforeMb = (await usageOf(target)).rssMb;
  },
  async effect({ target, parameters: { sizeMb }, state, notes }) {
    const { heldMb = 0 } = await untilMeasured(state, ({ heldMb: mb = 0 }) => mb >= sizeMb, LOOK_MS);
    const { rssMb } = await usageOf(target);
    return {
      holds: rssMb - (notes.beforeMb ?? 0) >= ENOUGH * sizeMb,
      evidence: `resident memory ${inMb(notes.beforeMb ?? 0)} → ${inMb(rssMb)} (expected + ${sizeMb} MB); the process holds ${inMb(heldMb)} for nothing`,
    };
  },
  ending: async ({ target, state, notes }) => {
    notes.atEndMb = (await usageOf(target)).rssMb;
    notes.heldMb = (await state()).measured?.heldMb ?? 0;
  },
  removal: memoryGivenBack,
});
