import type { DocumentError } from '../definition.ts';
import { list, type Named, type Outline, object, oneOf, text } from './outline.ts';
import { checkProbes } from './probe-checks.ts';
import { checkStep } from './step-checks.ts';
import { checkStepOrder, rawSteps } from './step-order-checks.ts';

/** Scenario, steps and probes of the experiments name things that exist and fit. */
export const checkExperiments = (outline: Outline): DocumentError[] =>
  outline.experiments.flatMap((experiment) => checkExperiment(experiment, outline));

const checkExperiment = (experiment: Named, outline: Outline): DocumentError[] => [
  ...checkScenario(experiment, outline),
  ...checkMethod(experiment, outline),
  ...checkRollbacks(experiment, outline),
  ...checkProbes(experiment, outline),
];

function checkScenario({ raw, path }: Named, outline: Outline): DocumentError[] {
  const name = text(raw.scenario);
  const names = outline.scenarios.map((scenario) => scenario.name);
  if (name === null || name === '' || names.includes(name)) return [];
  const nextStep = oneOf(names, 'Add a scenario.');
  return [{ path: `${path}.scenario`, message: `there is no scenario "${name}"`, nextStep }];
}

const changesNothing = ['wait', 'wait-for', 'wait-until', 'probe', 'parallel', 'foreign'];

function checkMethod({ raw, path }: Named, outline: Outline): DocumentError[] {
  const steps = rawSteps(raw.method, `${path}.method`);
  const errors = steps.flatMap(({ step, path: at }) => checkStep(step, at, outline));
  const isForeign = steps.some(({ step }) => step.type === 'foreign');
  if (
    steps.length > 0 &&
    !isForeign &&
    steps.every(({ step }) => changesNothing.includes(text(step.type) ?? '')) &&
    list(raw.during).length > 0
  )
    errors.push({
      path: `${path}.method`,
      message: 'holds no fault, so nothing can be probed while one is on',
      nextStep: 'Add a step of type "fault".',
    });
  return [...errors, ...checkStepOrder(raw.method, `${path}.method`)];
}

/** What puts things back has no end of its own, and nobody waits beside it. */
function checkRollbacks({ raw, path }: Named, outline: Outline): DocumentError[] {
  return list(raw.rollbacks)
    .map(object)
    .flatMap((step, index) => {
      const at = `${path}.rollbacks[${index}]`;
      const errors = checkStep(step, at, outline);
      if (step.durationMs !== undefined && step.type !== 'wait')
        errors.push({
          path: `${at}.durationMs`,
          message: 'would take the rollback back',
          nextStep: 'Leave it out: a rollback is for good.',
        });
      if (step.background === true)
        errors.push({
          path: `${at}.background`,
          message: 'a rollback is waited for',
          nextStep: 'Leave it out.',
        });
      return errors;
    });
}
