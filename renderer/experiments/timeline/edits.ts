import type { Experiment } from '../../../engine/model/experiment.ts';
import { withValueAt } from '../../stores/value-at.ts';
import { asMs, durationField, placeOfStep, type Step, type StepPath, stepAt } from './steps.ts';

/*
 * Each edit changes what it says and nothing else: everything beside its place stays the same object.
 */

const LEAST_MS = 100;
const MOST_MS = 3_600_000;

const within = (ms: number, least: number): number => Math.round(Math.min(MOST_MS, Math.max(least, ms)));

/** Moves the start of a step by changing the pause before it; what follows in its row of steps moves along. */
export function moveStep(experiment: Experiment, path: StepPath, byMs: number): Experiment {
  const step = stepAt(experiment, path);
  if (!step) return experiment;
  const beforeMs = asMs(step.pauses?.beforeMs);
  const nextMs = within(beforeMs + byMs, 0);
  if (nextMs === beforeMs) return experiment;
  const { beforeMs: _, ...others } = step.pauses ?? {};
  const pauses = nextMs === 0 ? others : { ...others, beforeMs: nextMs };
  return withValueAt(experiment, [...path, 'pauses'], Object.keys(pauses).length === 0 ? undefined : pauses);
}

/** Makes a step longer or shorter. What happens at once stays so. */
export function resizeStep(experiment: Experiment, path: StepPath, toMs: number): Experiment {
  const step = stepAt(experiment, path);
  const field = step ? durationField(step) : null;
  if (!step || !field) return experiment;
  const nextMs = within(toMs, LEAST_MS);
  if ((step as Record<string, unknown>)[field] === nextMs) return experiment;
  return withValueAt(experiment, [...path, field], nextMs);
}

const replaceList = (experiment: Experiment, path: StepPath, list: readonly Step[]): Experiment =>
  withValueAt(experiment, path.slice(0, -1), list);

/** Takes a step out; a branch that has none left goes too, and a parallel without branches. */
export function removeStep(experiment: Experiment, path: StepPath): Experiment {
  const { list, index } = placeOfStep(experiment, path);
  if (!list[index]) return experiment;
  const left = list.filter((_, other) => other !== index);
  if (left.length > 0 || path.length <= 2) return replaceList(experiment, path, left);
  const branchesPath = path.slice(0, -2);
  const parallelPath = path.slice(0, -3);
  const branch = Number(path.at(-2));
  const parallel = stepAt(experiment, parallelPath);
  if (parallel?.type !== 'parallel') return experiment;
  const branches = parallel.branches.filter((_, other) => other !== branch);
  return branches.length > 0 ? withValueAt(experiment, branchesPath, branches) : removeStep(experiment, parallelPath);
}

/** Puts a step after another one, or at the end of the method; says where it came to stand. */
export function insertStep(
  experiment: Experiment,
  step: Step,
  after: StepPath | null,
): { experiment: Experiment; path: StepPath } {
  const { list, index } = after
    ? placeOfStep(experiment, after)
    : { list: experiment.method, index: experiment.method.length - 1 };
  const path = [...(after ?? ['method', 0]).slice(0, -1), index + 1];
  const next = [...list.slice(0, index + 1), step, ...list.slice(index + 1)];
  return { experiment: replaceList(experiment, path, next), path };
}

/** Changes places with the step before it or after it; says where it stands then. */
export function reorderStep(
  experiment: Experiment,
  path: StepPath,
  by: -1 | 1,
): { experiment: Experiment; path: StepPath } {
  const { list, index } = placeOfStep(experiment, path);
  const [step, other] = [list[index], list[index + by]];
  if (!step || !other) return { experiment, path };
  const next = [...list];
  next[index] = other;
  next[index + by] = step;
  return { experiment: replaceList(experiment, path, next), path: [...path.slice(0, -1), index + by] };
}

/** A copy right behind a step; without its name, by which others wait for it. */
export function duplicateStep(experiment: Experiment, path: StepPath): { experiment: Experiment; path: StepPath } {
  const step = stepAt(experiment, path);
  if (!step) return { experiment, path };
  const { name: _, ...copy } = structuredClone(step);
  return insertStep(experiment, copy as Step, path);
}

/** Puts a step and the one after it side by side, each in a branch of its own; one that is parallel gains a branch. */
export function besideNext(experiment: Experiment, path: StepPath): { experiment: Experiment; path: StepPath } {
  const { list, index } = placeOfStep(experiment, path);
  const [step, next] = [list[index], list[index + 1]];
  if (
    path[0] !== 'method' ||
    path.length > 2 ||
    !step ||
    !next ||
    (step.type === 'parallel' && next.type === 'parallel')
  )
    return { experiment, path };
  const branches = [step, next].flatMap((one) => (one.type === 'parallel' ? one.branches : [[one]]));
  const { branches: _, ...outer } =
    step.type === 'parallel' ? step : next.type === 'parallel' ? next : { branches: [] };
  const parallel = { ...outer, type: 'parallel', branches } as Step;
  return {
    experiment: replaceList(experiment, path, [...list.slice(0, index), parallel, ...list.slice(index + 2)]),
    path,
  };
}

/** Length of a phase that has one of its own. */
export function resizePhase(
  experiment: Experiment,
  field: 'warmUpMs' | 'steadyStateMs' | 'recoveryWithinMs',
  toMs: number,
): Experiment {
  const nextMs = Math.min(600_000, within(toMs, field === 'warmUpMs' ? 0 : 500));
  return experiment[field] === nextMs ? experiment : { ...experiment, [field]: nextMs };
}
