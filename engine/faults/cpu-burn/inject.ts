import { injectAct } from '../inject-act.ts';
import { inPercent, processorShares } from '../process-usage.ts';
import type { CpuBurnParameters } from './act.ts';

const WINDOW_MS = 600;
const WINDOWS = 5;
/** What it must get of the load that it asks for, to count as seen. */
const ENOUGH = 0.5;
/** On a machine that is this busy everybody gets less; what it gets must still be seen. */
const BUSY = 0.9;
const LEAST = 0.1;

export const injectCpuBurn = injectAct<CpuBurnParameters>('cpu-burn', {
  async effect({ target, parameters, notes }) {
    const load = parameters.loadPercent / 100;
    let seen = { share: 0, machine: 0 };
    const isEnough = (): boolean => seen.share >= (seen.machine >= BUSY ? LEAST : ENOUGH) * load;
    for (let window = 0; window < WINDOWS && !isEnough(); window += 1) seen = await processorShares(target, WINDOW_MS);
    notes.share = seen.share;
    return {
      holds: isEnough(),
      evidence: `by the operating system the process uses ${inPercent(seen.share)} of a core (asked for: ${inPercent(load)}); the machine is ${inPercent(seen.machine)} busy`,
    };
  },
  async removal({ target, parameters, state, notes }) {
    const { share: before = 0 } = notes;
    // What it uses for its own work goes on.
    const least = Math.max(0.15, 0.7 * before, before - (0.2 * parameters.loadPercent) / 100);
    let share = Number.POSITIVE_INFINITY;
    for (let window = 0; window < WINDOWS && share >= least; window += 1)
      ({ share } = await processorShares(target, WINDOW_MS));
    const { on } = await state();
    return {
      holds: !on && share < least,
      evidence: `by the operating system the process uses ${inPercent(share)} of a core, after ${inPercent(before)}; the fault is ${on ? 'still at work' : 'gone'} from it`,
    };
  },
});
