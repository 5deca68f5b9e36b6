import type { Experiment, MethodStep } from '../../../engine/model/experiment.ts';
import type { SimpleStep } from '../../../engine/model/step.ts';
import type { ValuePath } from '../../stores/value-at.ts';
import { valueAt } from '../../stores/value-at.ts';

export type Step = MethodStep;

/** Where a step stands: `['method', 1]`, `['method', 2, 'branches', 0, 1]`, `['rollbacks', 0]`. */
export type StepPath = ValuePath;

export const stepKey = (path: StepPath): string => path.join('.');
export const samePath = (a: StepPath | null, b: StepPath | null): boolean =>
  a !== null && b !== null && stepKey(a) === stepKey(b);

export const stepAt = (experiment: Experiment, path: StepPath): Step | undefined =>
  valueAt(experiment, path) as Step | undefined;

/** The list that a step stands in, and its place there. */
export function placeOfStep(experiment: Experiment, path: StepPath): { list: readonly Step[]; index: number } {
  const list = valueAt(experiment, path.slice(0, -1));
  return { list: Array.isArray(list) ? (list as Step[]) : [], index: Number(path.at(-1)) };
}

/** Every step with where it stands, in the order of the file; a parallel comes before what is in it. */
export function allSteps(experiment: Experiment): { path: StepPath; step: Step }[] {
  const within = (steps: unknown, path: StepPath): { path: StepPath; step: Step }[] =>
    asList<Step>(steps).flatMap((step, index) => {
      const at = [...path, index];
      const branches = step.type === 'parallel' ? asList<SimpleStep[]>(step.branches) : [];
      return [{ path: at, step }, ...branches.flatMap((branch, number) => within(branch, [...at, 'branches', number]))];
    });
  return [...within(experiment.method, ['method']), ...within(experiment.rollbacks, ['rollbacks'])];
}

/** What is being typed may be incomplete for a while. */
export const asList = <T>(value: unknown): readonly T[] =>
  Array.isArray(value) ? value.filter((item) => item !== null && typeof item === 'object') : [];
export const asMs = (value: unknown, otherwise = 0): number =>
  typeof value === 'number' && Number.isFinite(value) ? Math.max(0, value) : otherwise;

/** The field that says how long a step takes; null for what happens at once. */
export function durationField({ type }: Pick<Step, 'type'>): 'durationMs' | 'timeoutMs' | null {
  switch (type) {
    case 'wait':
    case 'fault':
    case 'observe':
    case 'deploy':
    case 'scale':
    case 'edit':
      return 'durationMs';
    case 'wait-until':
    case 'wait-for':
      return 'timeoutMs';
    default:
      return null;
  }
}
