import type { FaultStatus, Proof } from '../api/types.ts';
import { ArchipelError } from '../model/error.ts';
import type { MethodStep } from '../model/experiment.ts';
import { targetName } from '../model/target-name.ts';
import { runChange } from './changes.ts';
import type { Course } from './course.ts';
import type { FaultRun } from './phases.ts';

/** A fault outlives its planned time by at most this when nobody takes it off. */
const LEASE_MARGIN_MS = 10_000;

const nameOf = ({ fault, id }: FaultStatus): string => `fault ${fault} (${id})`;

const told = (what: string, proof: Proof | null, error: string | null): string =>
  proof
    ? `${what} ${proof.holds ? 'proven' : 'not proven'}: ${proof.evidence}`
    : `no proof of ${what}${error ? `: ${error}` : ''}`;

/** Takes a fault off; its window ends where this begins. */
export async function removeFault({ world, journal }: Course, run: FaultRun): Promise<void> {
  run.removalBeganAtMs = world.now();
  journal.write(`${nameOf(run.status)}: removing`);
  run.status = await world.clearFault(run.status.id);
  journal.write(`${nameOf(run.status)}: ${told('removal', run.status.proofOfRemoval, run.status.error)}`);
}

/** Puts a fault on, and takes it off at its time counted from the proof of its effect, or at once without a proof. */
async function runFault(course: Course, step: Extract<MethodStep, { type: 'fault' }>): Promise<boolean> {
  const { world, journal, timeline, wait, scenario } = course;
  const { fault, target, parameters, durationMs, probability, schedule, rampMs } = step;
  journal.write(`fault ${fault} on ${targetName(target)}: injecting`);
  const status = await world.injectFault({
    ...{ fault, target, parameters, probability },
    ...(schedule && { schedule }),
    ...(rampMs !== undefined && { rampMs }),
    leaseMs: durationMs + LEASE_MARGIN_MS,
    seed: scenario.seed + timeline.faults.length,
  });
  const run: FaultRun = { status, removalBeganAtMs: null };
  timeline.faults.push(run);
  journal.write(`${nameOf(status)}: ${told('effect', status.proofOfEffect, status.error)}`);
  const proof = status.proofOfEffect;
  const proven = proof?.holds === true && status.state !== 'failed';
  if (proven) await wait(proof.atMs + durationMs - world.now());
  await removeFault(course, run);
  return proven;
}

/** When what was done last began to be undone. Null while that has not begun, or nothing was done. */
export function lastRemovalAtMs({ timeline: { faults, changes } }: Course): number | null {
  const removals = [...faults, ...changes].map(({ removalBeganAtMs }) => removalBeganAtMs);
  return removals.length === 0 || removals.includes(null) ? null : Math.max(...removals.map(Number));
}

/** Runs the steps one after the other. False when a fault or a change showed no effect: there is nothing to learn from going on. */
export async function runMethod(course: Course): Promise<boolean> {
  for (const step of course.experiment.method) {
    if (step.type === 'wait') await course.wait(step.durationMs);
    else if (step.type === 'fault') {
      if (!(await runFault(course, step))) return false;
    } else if (step.type === 'scale' || step.type === 'deploy' || step.type === 'observe') {
      if (!(await runChange(course, step))) return false;
    } else throw new ArchipelError('wrong-state', `A step "${step.type}" cannot run yet.`, 'Take it out.');
  }
  return true;
}
