import type { Experiment, Probe } from '../model/experiment.ts';
import { stepsOf } from '../model/step.ts';

/** The probes that are measured on phases of an experiment: those that look do so every so often. */
export const probesOf = ({ steadyStateHypothesis, during, recovering }: Experiment): Probe[] => [
  ...steadyStateHypothesis.probes,
  ...during,
  ...recovering,
];

/** What of an experiment cannot be run here, in words. */
export function foreignParts(experiment: Experiment): string[] {
  const inSteps = [...stepsOf(experiment.method), ...stepsOf(experiment.rollbacks)].flatMap(({ step }) => {
    if (step.type === 'foreign') return [`the step "${nameOf(step.activity)}" of another tool`];
    return 'probe' in step && step.probe.measure.type === 'foreign'
      ? [`the probe "${step.probe.name}" of another tool`]
      : [];
  });
  const probes = [...probesOf(experiment), ...experiment.stopConditions.map(({ probe }) => probe)];
  return [
    ...inSteps,
    ...probes
      .filter(({ measure }) => measure.type === 'foreign')
      .map(({ name }) => `the probe "${name}" of another tool`),
  ];
}

const nameOf = (activity: Record<string, unknown>): string =>
  typeof activity.name === 'string' ? activity.name : 'unnamed';
