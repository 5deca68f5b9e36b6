import type { FaultStatus, Proof } from '../../api/types.ts';
import { targetName } from '../../model/target-name.ts';
import type { Course } from '../course.ts';
import { mark } from '../marks.ts';
import type { FaultRun } from '../phases.ts';
import type { Action } from './define-action.ts';

/** A fault outlives its planned time by at most this when nobody takes it off. */
const LEASE_MARGIN_MS = 10_000;

const nameOf = ({ fault, id }: FaultStatus): string => `fault ${fault} (${id})`;

const told = (what: string, proof: Proof | null, error: string | null): string =>
  proof
    ? `${what} ${proof.holds ? 'proven' : 'not proven'}: ${proof.evidence}`
    : `no proof of ${what}${error ? `: ${error}` : ''}`;

/** Takes a fault off; its window ends where this begins. */
async function removeFault({ world, journal }: Course, run: FaultRun): Promise<void> {
  run.removalBeganAtMs = world.now();
  journal.write(`${nameOf(run.status)}: removing`);
  run.status = await world.clearFault(run.status.id);
  journal.write(`${nameOf(run.status)}: ${told('removal', run.status.proofOfRemoval, run.status.error)}`);
}

/** Puts a fault on, and takes it off at its time counted from the proof of its effect, or at once without a proof. */
export const fault: Action<'fault'> = async (course, step, result) => {
  const { world, journal, timeline, wait, seed, looks, experiment } = course;
  const { fault: kind, target, parameters, durationMs, probability, schedule, rampMs } = step;
  journal.write(`fault ${kind} on ${targetName(target)}: injecting`);
  const number = timeline.faults.length;
  const status = await world.injectFault({
    ...{ fault: kind, target, parameters, probability },
    ...(schedule && { schedule }),
    ...(rampMs !== undefined && { rampMs }),
    leaseMs: durationMs + LEASE_MARGIN_MS,
    seed: seed + number,
  });
  const run: FaultRun = { status, removalBeganAtMs: null };
  timeline.faults.push(run);
  result.id = status.id;
  const back = course.takeBack.add('take a fault off', () => removeFault(course, run));
  journal.write(`${nameOf(status)}: ${told('effect', status.proofOfEffect, status.error)}`);
  const proof = status.proofOfEffect;
  const proven = proof?.holds === true && status.state !== 'failed';
  if (proven) {
    // Its time counts from the proof, which may have taken long. One that is off already is found to be so in the end.
    run.status = await world.renewFault({ id: status.id, leaseMs: durationMs + LEASE_MARGIN_MS }).catch(() => status);
    result.begunAtMs = proof.atMs;
    mark(course);
    await wait(proof.atMs + durationMs - world.now());
    await looks.atEdge(experiment.during);
    mark(course);
  }
  await back();
  return proven;
};
