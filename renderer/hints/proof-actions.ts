import type { Proof } from '../../engine/model/hints/hint.ts';
import { proofDocument } from '../../engine/model/hints/index.ts';
import { addExperiments, openExperiment } from '../experiments/experiment-edits.ts';
import { said } from '../i18n/said.ts';
import { t } from '../i18n/t.ts';
import { runExperiment } from '../running/run-actions.ts';
import { edit } from '../stores/document.ts';
import { showBottom } from '../stores/session.ts';

/** Runs the experiment of a hint beside the document, which stays as it is. */
export const prove = (proof: Proof): Promise<void> =>
  runExperiment(proof.experiment.name, (document) => proofDocument(document, proof));

/** Takes the experiment and its traffic over into the document, and shows it on the timeline. */
export function keepProof({ experiment, scenario }: Proof): void {
  edit((document) => ({ ...document, scenarios: [...document.scenarios, scenario] }), {
    name: t('add traffic of a hint'),
  });
  openExperiment(addExperiments([experiment], t('add “{{title}}”', { title: said(experiment.title) })));
  showBottom('experiments');
}
