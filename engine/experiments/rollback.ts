import { toArchipelError } from '../model/error.ts';
import { runAction } from './actions/index.ts';
import type { Course } from './course.ts';
import { newStep, stepText } from './method.ts';
import { createTakeBack } from './take-back.ts';

/** Runs every rollback, one after the other, whatever fails; answers with what did. Nothing stops it, not even an abort. */
export async function runRollbacks(course: Course): Promise<string[]> {
  const { experiment, journal, rollbacks, world } = course;
  const problems: string[] = [];
  const never = new AbortController().signal;
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
      wait: (durationMs) => (durationMs > 0 ? world.wait(durationMs, never) : Promise.resolve()),
    };
    journal.write(`rollback ${index + 1}: ${step.type}`);
    course.tell(result, stepText(step));
    try {
      const { beforeMs = 0, afterMs = 0 } = step.pauses ?? {};
      await within.wait(beforeMs);
      const done = await runAction(within, step, result);
      await within.wait(afterMs);
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
