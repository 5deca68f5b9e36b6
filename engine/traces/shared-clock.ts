import { clockOffset } from '../process-kit/clock-offset.ts';
import { machineMs } from '../process-kit/machine-clock.ts';

/** Beyond this, the wall clock was set, or the computer slept. */
const JUMP_MS = 50;

/**
 * Epoch milliseconds for times of the machine's monotonic clock, which all processes share. One offset serves all of
 * them, so that spans of one request keep their order; it is taken anew only when the wall clock has jumped.
 */
export function createSharedClock(
  clocks = { wallMs: (): number => Date.now(), sharedMs: machineMs },
): (sharedMs: number) => number {
  const offsetNow = (): number => clockOffset(clocks.sharedMs, clocks.wallMs);
  let offsetMs = offsetNow();
  return (sharedMs) => {
    const current = offsetNow();
    if (Math.abs(current - offsetMs) > JUMP_MS) offsetMs = current;
    return sharedMs + offsetMs;
  };
}
