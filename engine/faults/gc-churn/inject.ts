import { injectAct } from '../inject-act.ts';
import { untilMeasured } from '../until-measured.ts';
import type { GcChurnParameters } from './act.ts';

const LOOK_MS = 3000;
/** So often the collector must have run. */
const COLLECTIONS = 3;
/** What it must come to of the rate that it was told, to count as seen. */
const ENOUGH = 0.5;

export const injectGcChurn = injectAct<GcChurnParameters>('gc-churn', {
  async effect({ parameters: { mbPerSec }, state }) {
    const rate = ({ churnedMb = 0, elapsedMs = 0 }: Record<string, number>): number =>
      elapsedMs > 0 ? (churnedMb / elapsedMs) * 1000 : 0;
    const isEnough = (measured: Record<string, number>): boolean =>
      (measured.collections ?? 0) >= COLLECTIONS && rate(measured) >= ENOUGH * mbPerSec;
    const measured = await untilMeasured(state, isEnough, LOOK_MS);
    const { collections = 0, pausedMs = 0, elapsedMs = 0 } = measured;
    return {
      holds: isEnough(measured),
      evidence: `${rate(measured).toFixed(0)} MB of garbage in each second (asked for: ${mbPerSec}); ${collections} collections held the process for ${pausedMs.toFixed(0)} of ${elapsedMs.toFixed(0)} ms`,
    };
  },
});
