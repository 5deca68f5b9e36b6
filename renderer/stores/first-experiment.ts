import { kinds } from '../../engine/kinds/index.ts';
import type { ArchipelDocument } from '../../engine/model/document.ts';
import { type Experiment, experimentSchema } from '../../engine/model/experiment.ts';
import { t } from '../i18n/t.ts';
import { freeId } from './document-edits.ts';

const canBeKilled = (kind: string): boolean =>
  kinds.some(
    (definition) =>
      definition.kind === kind &&
      definition.family === 'compute' &&
      (definition.faults as readonly string[]).includes('kill'),
  );

/** An experiment to start from: kill one process under the first scenario's load. Null while there is nothing to kill or to send. */
export function firstExperiment(document: ArchipelDocument): Experiment | null {
  const scenario = document.scenarios[0];
  const victim = document.nodes.find((node) => canBeKilled(node.kind));
  if (!scenario || !victim) return null;
  const allAnswered = {
    name: t('requests are answered'),
    measure: { type: 'success-ratio' as const },
    tolerance: { min: 0.99 },
  };
  return experimentSchema.parse({
    name: freeId(
      `kill-${victim.id}`,
      document.experiments.map(({ name }) => name),
    ),
    title: t('Kill {{name}} under load', { name: victim.name }),
    statement: t('While {{name}} is down, requests fail; they are answered again when it is back.', {
      name: victim.name,
    }),
    scenario: scenario.name,
    steadyStateHypothesis: { title: t('Requests are answered'), probes: [allAnswered] },
    method: [{ type: 'fault', fault: 'kill', target: { node: victim.id }, durationMs: 4000 }],
    during: [{ name: t('requests fail'), measure: { type: 'success-ratio' }, tolerance: { max: 0.9 } }],
  });
}
