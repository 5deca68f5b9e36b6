import { setTimeout as delay } from 'node:timers/promises';
import type { ProcessTarget } from './inject.ts';

/** The channel of a process that ends closes a little before its end is known. */
const END_KNOWN_WITHIN_MS = 1000;
const LOOK_EVERY_MS = 5;

/**
 * Asks something of the process `pid` of the target. That it ends before it has answered is no failure here: a process
 * that has ended took its faults with it. Any other failure is thrown.
 */
export async function unlessEnded(
  { pid: pidNow }: Pick<ProcessTarget, 'pid'>,
  pid: number,
  ask: () => Promise<unknown>,
): Promise<void> {
  try {
    await ask();
  } catch (error) {
    const deadlineMs = performance.now() + END_KNOWN_WITHIN_MS;
    while (pidNow() === pid && performance.now() < deadlineMs) await delay(LOOK_EVERY_MS);
    if (pidNow() === pid) throw error;
  }
}
