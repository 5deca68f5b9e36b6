import type { Measurement, ProcessTarget } from '../inject.ts';
import { injectAct } from '../inject-act.ts';
import type { ClockSkewParameters } from './act.ts';

const LOOKS = 5;
/** Both clocks are read in whole milliseconds. */
const ROUNDING_MS = 2;

/** How far the clock of the process is from ours, and how far off that may be: the call that asked took so long. */
async function offsetOf(target: ProcessTarget): Promise<{ offsetMs: number; withinMs: number }> {
  let best = { offsetMs: 0, withinMs: Number.POSITIVE_INFINITY };
  for (let look = 0; look < LOOKS; look += 1) {
    const fromMs = Date.now();
    const theirsMs = (await target.call('wall-clock', null)) as number;
    const toMs = Date.now();
    const withinMs = (toMs - fromMs) / 2 + ROUNDING_MS;
    if (withinMs < best.withinMs) best = { offsetMs: theirsMs - (fromMs + toMs) / 2, withinMs };
  }
  return best;
}

async function measure(target: ProcessTarget, expectedMs: number): Promise<Measurement> {
  const { offsetMs, withinMs } = await offsetOf(target);
  return {
    holds: Math.abs(offsetMs - expectedMs) <= withinMs,
    evidence: `asked for its time, the process is ${offsetMs.toFixed(0)} ± ${withinMs.toFixed(0)} ms ahead of ours (expected ${expectedMs} ms)`,
  };
}

export const injectClockSkew = injectAct<ClockSkewParameters>('clock-skew', {
  effect: ({ target, parameters: { offsetMs } }) => measure(target, offsetMs),
  removal: ({ target }) => measure(target, 0),
});
