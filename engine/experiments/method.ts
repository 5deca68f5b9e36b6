import type { StepResult } from '../api/types.ts';
import { toArchipelError } from '../model/error.ts';
import type { MethodStep } from '../model/step.ts';
import { runAction } from './actions/index.ts';
import type { Course } from './course.ts';

/** When what was done last began to be undone. Null while that has not begun, or nothing was done. */
export function lastRemovalAtMs({ timeline: { faults, changes } }: Course): number | null {
  const removals = [...faults, ...changes].map(({ removalBeganAtMs }) => removalBeganAtMs);
  return removals.length === 0 || removals.includes(null) ? null : Math.max(...removals.map(Number));
}

/** Runs the method. False when a step showed no effect: there is nothing to learn from going on, and the others end, too. */
export async function runMethod(course: Course): Promise<boolean> {
  const ended = new AbortController();
  const within: Course = {
    ...course,
    async wait(durationMs) {
      if (ended.signal.aborted) throw ended.signal.reason;
      // Who waits for long must hear of the end of the others.
      for (let leftMs = durationMs; ; leftMs -= PIECE_MS) {
        await course.wait(Math.min(leftMs, PIECE_MS));
        if (ended.signal.aborted) throw ended.signal.reason;
        if (leftMs <= PIECE_MS) return;
      }
    },
  };
  const isAlone = !course.experiment.method.some(({ type, background }) => type === 'parallel' || background);
  return runSteps(isAlone ? course : within, course.experiment.method, 'method', (reason) => ended.abort(reason));
}

const PIECE_MS = 500;

/** Said to steps beside one that had no effect. */
class MethodEnded extends Error {}

/** Steps one after the other; those in the background beside the ones that follow. Ends when all have ended. */
async function runSteps(
  course: Course,
  steps: readonly MethodStep[],
  place: string,
  end: (reason: Error) => void,
): Promise<boolean> {
  const background: Promise<boolean>[] = [];
  let proven = true;
  let failure: { error: unknown } | null = null;
  for (const [index, step] of steps.entries()) {
    const run = runStep(course, step, `${place}[${index}]`, end);
    if (step.background) {
      run.catch(() => {});
      background.push(run);
      continue;
    }
    try {
      proven = await run;
    } catch (error) {
      failure = { error };
    }
    if (!proven || failure) break;
  }
  if (!proven || failure) end(new MethodEnded('a step beside it had no effect'));
  const others = await Promise.allSettled(background);
  const rejected = others.find((other) => other.status === 'rejected');
  if (failure) throw failure.error;
  if (rejected) throw rejected.reason;
  return proven && others.every((other) => other.status === 'fulfilled' && other.value);
}

async function runStep(
  course: Course,
  step: MethodStep,
  place: string,
  end: (reason: Error) => void,
): Promise<boolean> {
  const { world, steps, tell } = course;
  const { beforeMs = 0, afterMs = 0 } = step.pauses ?? {};
  if (beforeMs > 0) await course.wait(beforeMs);
  const result = newStep(step, place, world.now());
  steps.push(result);
  // Of those side by side each tells for itself.
  if (step.type !== 'parallel') tell(result, stepText(step));
  try {
    const proven =
      step.type === 'parallel'
        ? (
            await settled(
              step.branches.map((branch, number) => runSteps(course, branch, `${place}.branches[${number}]`, end)),
            )
          ).every(Boolean)
        : await runAction(course, step, result);
    if (!proven) end(new MethodEnded('a step beside it had no effect'));
    if (proven && afterMs > 0) await course.wait(afterMs);
    return proven;
  } catch (error) {
    // It was told to end: that is no failure of its own.
    if (error instanceof MethodEnded) return false;
    result.error = toArchipelError(error).message;
    end(new MethodEnded('the experiment ended'));
    throw error;
  } finally {
    result.endedAtMs = world.now();
    tell(result, null);
  }
}

/** All of them, also when one fails: none goes on behind the back of the others. */
async function settled(runs: readonly Promise<boolean>[]): Promise<boolean[]> {
  const results = await Promise.allSettled(runs);
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}

export const newStep = (step: MethodStep, place: string, startedAtMs: number): StepResult => ({
  place,
  type: step.type,
  name: step.name ?? null,
  id: null,
  startedAtMs,
  begunAtMs: null,
  endedAtMs: null,
  error: null,
});

/** What a step does, in words. */
export function stepText(step: MethodStep): string {
  if (step.name) return step.name;
  if (step.type === 'fault') return `fault ${step.fault}`;
  if (step.type === 'wait-until') return `waiting until ${step.probe.name}`;
  if (step.type === 'wait-for') return `waiting for ${step.step}`;
  return 'node' in step ? `${step.type} ${step.node}` : step.type;
}
