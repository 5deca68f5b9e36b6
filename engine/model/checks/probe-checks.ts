import type { DocumentError } from '../definition.ts';
import { probeDefinition } from '../probe.ts';
import { type Loose, list, type Named, type Outline, object, oneOf, text } from './outline.ts';
import { scenarioRoutes } from './scenario-checks.ts';
import { rawSteps } from './step-order-checks.ts';
import { checkTolerance } from './tolerance-checks.ts';

interface PlacedProbe {
  probe: Loose;
  path: string;
  /** Where what is of a change cannot be measured. */
  unchanged: 'in the steady state' | 'here' | null;
}

function probesOf({ raw, path }: Named): PlacedProbe[] {
  const placed = (probes: unknown, at: string, unchanged: PlacedProbe['unchanged']): PlacedProbe[] =>
    list(probes).map((probe, index) => ({ probe: object(probe), path: `${path}.${at}[${index}]`, unchanged }));
  const steps = [...rawSteps(raw.method, `${path}.method`), ...rawSteps(raw.rollbacks, `${path}.rollbacks`)].filter(
    ({ step }) => step.probe !== undefined,
  );
  return [
    ...placed(object(raw.steadyStateHypothesis).probes, 'steadyStateHypothesis.probes', 'in the steady state'),
    ...placed(raw.during, 'during', null),
    ...placed(raw.recovering, 'recovering', 'here'),
    ...steps.map(({ step, path: at }) => ({
      probe: object(step.probe),
      path: `${at}.probe`,
      unchanged: 'here' as const,
    })),
    ...list(raw.stopConditions).map((condition, index) => ({
      probe: object(object(condition).probe),
      path: `${path}.stopConditions[${index}].probe`,
      unchanged: 'here' as const,
    })),
  ];
}

/** Probes measure what exists, where it can be measured, and their tolerances can hold. */
export function checkProbes(experiment: Named, outline: Outline): DocumentError[] {
  const scenario = outline.scenarios.find(({ name }) => name !== null && name === experiment.raw.scenario);
  const sent = [scenario, ...scenariosOfMethod(experiment, outline)].filter((one) => one !== undefined);
  const routes = sent.flatMap(scenarioRoutes);
  return probesOf(experiment).flatMap(({ probe, path, unchanged }) => {
    const measure = object(probe.measure);
    const definition = probeDefinition(text(measure.type) ?? '');
    if (!definition) return [];
    const errors = [
      ...(definition.check?.(measure, `${path}.measure`, outline) ?? []),
      ...checkTolerance(probe, `${path}.tolerance`),
    ];
    if (definition.by === 'change' && unchanged)
      errors.push({
        path: `${path}.measure.type`,
        message: `is of a change, and ${unchanged} nothing changes`,
        nextStep: 'Probe it in "during".',
      });
    const route = text(measure.route);
    if (scenario && route !== null && !routes.includes(route))
      errors.push({
        path: `${path}.measure.route`,
        message: `scenario "${scenario.name}" sends no "${route}"`,
        nextStep: oneOf(routes, 'Add the route to the scenario.'),
      });
    return errors;
  });
}

const scenariosOfMethod = ({ raw }: Named, outline: Outline): Named[] =>
  rawSteps(raw.method, '').flatMap(({ step }) =>
    step.type === 'traffic' ? outline.scenarios.filter(({ name }) => name !== null && name === step.scenario) : [],
  );
