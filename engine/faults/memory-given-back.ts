import type { Measurement } from './inject.ts';
import type { ActLook } from './inject-act.ts';
import { inMb, usageOf } from './process-usage.ts';

const ANSWER_MS = 2000;
/** What of it the operating system must have again; some of its pages are in use by others by then. */
const ENOUGH = 0.6;
const WITHIN_MS = 3000;

/** Whether the operating system has the memory again that a fault held (`heldMb`) when it came off (`atEndMb`). */
export async function memoryGivenBack({ target, state, notes }: ActLook<unknown>): Promise<Measurement> {
  const answers = await target.healthy(ANSWER_MS);
  const health = `the process ${answers ? 'answers' : 'does not answer'} its health check`;
  const { atEndMb, heldMb = 0, pid } = notes;
  if (atEndMb === undefined || target.pid() !== pid)
    return {
      holds: answers,
      evidence: `the process that held the memory has ended, and process ${target.pid() ?? 'none'} took its place; ${health}`,
    };
  const enoughMb = ENOUGH * heldMb;
  const deadlineMs = performance.now() + WITHIN_MS;
  let { rssMb } = await usageOf(target);
  while (atEndMb - rssMb < enoughMb && performance.now() < deadlineMs) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    ({ rssMb } = await usageOf(target));
  }
  const { on } = await state();
  return {
    holds: answers && !on && atEndMb - rssMb >= enoughMb,
    evidence: `resident memory ${inMb(atEndMb)} → ${inMb(rssMb)}, of ${inMb(heldMb)} that the fault held; ${health}`,
  };
}
