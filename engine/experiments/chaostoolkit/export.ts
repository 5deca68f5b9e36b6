import type { Experiment, Probe } from '../../model/experiment.ts';
import type { MethodStep } from '../../model/step.ts';
import type { Tolerance } from '../../model/tolerance.ts';
import { type Activity, EXTENSION, PROVIDER_MODULE, type ToolkitExperiment } from './format.ts';

/**
 * An experiment in the words of Chaos Toolkit. What has a counterpart there is written as that; the rest is in
 * `extensions` under `x-archipel`, from where the import takes it, so that nothing is lost on the way and back.
 */
export function exportExperiment(experiment: Experiment): ToolkitExperiment {
  const { name: _, title, statement, steadyStateHypothesis, method, rollbacks, extensions, ...own } = experiment;
  const foreign = extensions.find((extension) => extension.name === 'chaostoolkit');
  const { name: __, ...kept } = foreign ?? { name: '' };
  return {
    ...kept,
    version: '1.0.0',
    title,
    // Chaos Toolkit asks for a description; an empty one is a sentence of its own there.
    description: statement || title,
    'steady-state-hypothesis': {
      title: steadyStateHypothesis.title,
      probes: steadyStateHypothesis.probes.map(probeActivity),
    },
    method: method.map(stepActivity),
    rollbacks: rollbacks.map(stepActivity),
    extensions: [
      ...extensions.filter((extension) => extension !== foreign),
      { name: EXTENSION, experiment: { name: experiment.name, statement, ...own } },
    ],
  };
}

function probeActivity(probe: Probe): Activity {
  const { name, measure, tolerance, ...own } = probe;
  if (measure.type === 'foreign') return measure.activity as Activity;
  return {
    type: 'probe',
    name,
    tolerance: toleranceOf(tolerance),
    provider: { type: 'python', module: PROVIDER_MODULE, func: 'probe', arguments: { measure, ...own } },
  };
}

/** As Chaos Toolkit writes it where it can; else as it is here. */
function toleranceOf(tolerance: Tolerance): unknown {
  if ('equals' in tolerance && tolerance.equals !== null) return tolerance.equals;
  if ('regex' in tolerance) return { type: 'regex', pattern: tolerance.regex };
  if ('jsonPath' in tolerance) {
    const { jsonPath: path, ...wanted } = tolerance;
    return { type: 'jsonpath', path, ...wanted };
  }
  if ('oneOf' in tolerance && tolerance.oneOf.length > 2) return tolerance.oneOf;
  if ('min' in tolerance && tolerance.min !== undefined && 'max' in tolerance && tolerance.max !== undefined)
    return { type: 'range', range: [tolerance.min, tolerance.max] };
  return { type: EXTENSION, tolerance };
}

function stepActivity(step: MethodStep): Activity {
  const { pauses, background, ...own } = step;
  if (own.type === 'foreign') return own.activity as Activity;
  const beside = {
    ...(pauses && { pauses: { ...seconds('before', pauses.beforeMs), ...seconds('after', pauses.afterMs) } }),
    ...(background !== undefined && { background }),
  };
  if (own.type === 'probe') {
    const { probe, type: _, ...rest } = own;
    const activity = probeActivity(probe);
    return { ...activity, ...beside, ...(Object.keys(rest).length > 0 && { [EXTENSION]: rest }) };
  }
  return {
    type: 'action',
    name: own.name ?? own.type,
    provider: { type: 'python', module: PROVIDER_MODULE, func: own.type, arguments: own },
    ...beside,
  };
}

const seconds = (key: string, ms: number | undefined): Record<string, number> =>
  ms === undefined ? {} : { [key]: ms / 1000 };
