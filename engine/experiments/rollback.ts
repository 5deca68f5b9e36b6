import { toArchipelError } from '../model/error.ts';
import type { SimpleStep } from '../model/step.ts';
import { runAction } from './actions/index.ts';
import type { Course } from './course.ts';
import { newStep, stepText } from './method.ts';
import { createTakeBack } from './take-back.ts';

/** So long a rollback waits for a probe to hold when the experiment was stopped. */
const HURRIED_WAIT_MS = 5000;

/**
 * Runs every rollback, one after the other, whatever fails; answers with what did. Nothing keeps them from running, but once
 * `hurry` is aborted nobody waits for time to pass, and for a probe no longer than 5 s.
 */
export async function runRollbacks(course: Course, hurry: AbortSignal): Promise<string[]> {
  const { experiment, journal, rollbacks, world } = course;
  const problems: string[] = [];
  const never = new AbortController().signal;
  const pause = async (durationMs: number): Promise<void> => {
    if (durationMs <= 0) return;
    if (!hurry.aborted) await world.wait(durationMs, hurry).catch(() => {});
    if (hurry.aborted) journal.write(`${durationMs} ms are not waited for, since the experiment was stopped`);
  };
  for (const [index, step] of experiment.rollbacks.entries()) {
    const result = newStep(step, `rollbacks[${index}]`, world.now());
    rollbacks.push(result);
    const changes: Course['timeline']['changes'] = [];
    // What a rollback does stays: it is no change of the method, and nobody takes it back.
    const within: Course = {
      ...course,
      timeline: { ...course.timeline, changes },
      takeBack: createTakeBack(journal),
      steps: rollbacks,
      wait: (durationMs) =>
        step.type === 'wait' ? pause(durationMs) : durationMs > 0 ? world.wait(durationMs, never) : Promise.resolve(),
    };
    journal.write(`rollback ${index + 1}: ${step.type}`);
    course.tell(result, stepText(step));
    try {
      const { beforeMs = 0, afterMs = 0 } = step.pauses ?? {};
      await pause(beforeMs);
      const done = await runAction(within, hurry.aborted ? hurried(step) : step, result);
      await pause(afterMs);
      const problem = changes[0]?.problem ?? result.error;
      if (!done || problem) throw new Error(problem ?? 'it had no effect');
    } catch (error) {
      result.error = toArchipelError(error).message;
      problems.push(`The rollback ${index + 1} (${step.type}) failed: ${result.error.replace(/\.$/, '')}.`);
      journal.write(problems.at(-1) as string);
    }
    result.endedAtMs = world.now();
    course.tell(result, null);
  }
  return problems;
}

const hurried = (step: SimpleStep): SimpleStep =>
  step.type === 'wait-until' ? { ...step, timeoutMs: Math.min(step.timeoutMs, HURRIED_WAIT_MS) } : step;
