import type { DocumentError } from '../definition.ts';
import { checkChange, checkChangeProbes } from './change-checks.ts';
import { checkFault } from './fault-checks.ts';
import { list, type Named, type Outline, object, oneOf, text } from './outline.ts';
import { scenarioRoutes } from './scenario-checks.ts';

/** Scenario, faults and probes of an experiment name things that exist and fit. */
export function checkExperiments(outline: Outline): DocumentError[] {
  return outline.experiments.flatMap((experiment) => [
    ...checkScenario(experiment, outline),
    ...checkMethod(experiment, outline),
    ...checkProbes(experiment, outline),
    ...checkChangeProbes(experiment, outline),
  ]);
}

const scenarioOf = ({ raw }: Named, outline: Outline): Named | undefined =>
  outline.scenarios.find(({ name }) => name !== null && name === raw.scenario);

function checkScenario(experiment: Named, outline: Outline): DocumentError[] {
  const name = text(experiment.raw.scenario);
  if (name === null || name === '' || scenarioOf(experiment, outline)) return [];
  const nextStep = oneOf(
    outline.scenarios.map((scenario) => scenario.name),
    'Add a scenario.',
  );
  return [{ path: `${experiment.path}.scenario`, message: `there is no scenario "${name}"`, nextStep }];
}

function checkMethod({ raw, path }: Named, outline: Outline): DocumentError[] {
  const steps = list(raw.method).map(object);
  const errors = steps.flatMap((step, index) =>
    step.type === 'fault'
      ? checkFault(step, `${path}.method[${index}]`, outline)
      : checkChange(step, `${path}.method[${index}]`, outline),
  );
  if (steps.length > 0 && steps.every((step) => step.type === 'wait') && list(raw.during).length > 0)
    errors.push({
      path: `${path}.method`,
      message: 'holds no fault, so nothing can be probed while one is on',
      nextStep: 'Add a step of type "fault".',
    });
  return errors;
}

function checkProbes(experiment: Named, outline: Outline): DocumentError[] {
  const scenario = scenarioOf(experiment, outline);
  if (!scenario) return [];
  const routes = scenarioRoutes(scenario);
  const check = (probes: unknown, path: string): DocumentError[] =>
    list(probes).flatMap((probe, index) => {
      const route = text(object(object(probe).measure).route);
      if (route === null || routes.includes(route)) return [];
      return [
        {
          path: `${path}[${index}].measure.route`,
          message: `scenario "${scenario.name}" sends no "${route}"`,
          nextStep: oneOf(routes, 'Add the route to the scenario.'),
        },
      ];
    });
  return [
    ...check(object(experiment.raw.steadyStateHypothesis).probes, `${experiment.path}.steadyStateHypothesis.probes`),
    ...check(experiment.raw.during, `${experiment.path}.during`),
  ];
}
