import { diskWriteMs } from '../disk-write.ts';
import { injectAct } from '../inject-act.ts';
import { undelayed } from '../undelayed.ts';
import type { SlowDiskParameters } from './act.ts';

/** A timer may be so much early. */
const EARLY_MS = 2;

export const injectSlowDisk = injectAct<SlowDiskParameters>('slow-disk', {
  async before({ target, notes }) {
    notes.beforeMs = await diskWriteMs(target);
  },
  async effect({ target, parameters: { delayMs }, notes: { beforeMs = 0 } }) {
    const nowMs = await diskWriteMs(target);
    return {
      holds: Number.isFinite(nowMs) && nowMs >= delayMs - EARLY_MS && nowMs > beforeMs,
      evidence: `a write to the disk is confirmed after ${nowMs.toFixed(1)} ms, before after ${beforeMs.toFixed(1)} ms (expected + ${delayMs} ms)`,
    };
  },
  removal: ({ target, parameters: { delayMs }, state, notes: { beforeMs = 0 } }) =>
    undelayed(async () => {
      const nowMs = await diskWriteMs(target);
      const { on } = await state();
      return {
        answered: true,
        holds: !on && nowMs < delayMs + beforeMs,
        evidence: `a write to the disk is confirmed after ${nowMs.toFixed(1)} ms again`,
      };
    }),
});
