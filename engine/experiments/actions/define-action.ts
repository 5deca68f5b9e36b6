import type { StepResult } from '../../api/types.ts';
import type { MethodStep } from '../../model/step.ts';
import type { Course } from '../course.ts';
import { mark } from '../marks.ts';
import type { ChangeRun } from '../phases.ts';

type StepOf<Type extends MethodStep['type']> = Extract<MethodStep, { type: Type }>;

/**
 * Does a step. False when it had no effect: then there is nothing to learn from going on, and the method ends. Throws what
 * ends the experiment. `result.begunAtMs` is set when the effect is there.
 */
export type Action<Type extends MethodStep['type']> = (
  course: Course,
  step: StepOf<Type>,
  result: StepResult,
) => Promise<boolean>;

/** A change that a step makes, by the type of the step and a number. */
export function newChange({ timeline }: Course, type: string, result: StepResult): ChangeRun {
  const number = timeline.changes.filter(({ id }) => id.startsWith(`${type}-`)).length + 1;
  const run: ChangeRun = { id: `${type}-${number}`, window: null, removalBeganAtMs: null, problem: null };
  timeline.changes.push(run);
  result.id = run.id;
  return run;
}

/** Runs what a change does. What goes wrong with it is its problem, and false; what ends the experiment is thrown on. */
export async function attemptChange(course: Course, run: ChangeRun, change: () => Promise<void>): Promise<boolean> {
  try {
    await change();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    // What ends the experiment is not a problem of the change.
    await course.wait(0);
    run.problem = `The change ${run.id} failed: ${why.replace(/\.$/, '')}.`;
    course.journal.write(run.problem);
    run.removalBeganAtMs ??= course.world.now();
  }
  return run.problem === null;
}

/** Ends what a change is measured on: it is about to be taken back. */
export async function closeChange(course: Course, run: ChangeRun, fromMs: number): Promise<void> {
  const { world, looks, experiment } = course;
  if (run.removalBeganAtMs !== null) return;
  await looks.atEdge(experiment.during);
  mark(course);
  run.removalBeganAtMs = world.now();
  run.window = { fromMs, toMs: run.removalBeganAtMs };
}

/** Leaves a change for its time, then takes it back; without a time it stays until the end of the method. */
export async function untilTakenBack(
  course: Course,
  run: ChangeRun,
  result: StepResult,
  options: { what: string; durationMs: number | undefined; undo(): Promise<unknown> },
): Promise<void> {
  const fromMs = course.world.now();
  result.begunAtMs = fromMs;
  mark(course);
  const back = course.takeBack.add(options.what, async () => {
    await closeChange(course, run, fromMs);
    await options.undo();
  });
  if (options.durationMs === undefined) return;
  await course.wait(options.durationMs);
  await back();
}
