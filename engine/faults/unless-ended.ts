import { setTimeout as delay } from 'node:timers/promises';
import type { ProcessTarget } from './inject.ts';

/**
 * The channel of a process that ends closes a little before its end is known. Looks are counted, not the time: between
 * two of them the event loop has gone round, and hears of an end, however long it was held up.
 */
const LOOKS = 200;
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
    for (let looks = 0; pidNow() === pid && looks < LOOKS; looks += 1) await delay(LOOK_EVERY_MS);
    if (pidNow() === pid) throw error;
  }
}
