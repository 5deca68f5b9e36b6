import { addExperiments, openExperiment } from '../experiments/experiment-edits.ts';
import { key, t } from '../i18n/t.ts';
import { useDocument } from '../stores/document.ts';
import { firstExperiment } from '../stores/first-experiment.ts';
import { showBottom } from '../stores/session.ts';
import { startSweep } from '../sweeps/sweep-actions.ts';
import { addSweep, newSweep, openSweep, sweepTitles, sweepTypes } from '../sweeps/sweep-edits.ts';
import type { Action } from './action.ts';
import { whyReadOnly } from './document-actions.ts';
import { whyNoRun } from './running-actions.ts';

const document = () => useDocument.getState().document;

/** What is to be measured: experiments, sweeps, comparisons. */
export const measureActions: readonly Action[] = [
  {
    id: 'new-experiment',
    family: 'Add',
    title: key('New experiment'),
    keywords: key('chaos verdict hypothesis create'),
    disabled: () =>
      whyReadOnly() ?? (firstExperiment(document()) === null ? t('First add a scenario, and a node to kill.') : null),
    run: () => {
      const draft = firstExperiment(document());
      if (draft) openExperiment(addExperiments([draft], t('create “{{title}}”', { title: draft.title })));
      showBottom('experiments');
    },
  },
  ...sweepTypes.map(
    (type): Action => ({
      id: `new-sweep-${type}`,
      family: 'Add',
      title: key('New sweep: {{title}}'),
      values: () => ({ title: t(sweepTitles[type]) }),
      keywords: key('measure create'),
      disabled: () =>
        whyReadOnly() ?? (newSweep(type, document()) === null ? t('First add a scenario and a connection.') : null),
      run: () => {
        const draft = newSweep(type, document());
        if (draft) addSweep(draft);
        showBottom('sweeps');
      },
    }),
  ),
  {
    id: 'compare-documents',
    family: 'Run',
    title: key('Compare two documents (A/B)…'),
    keywords: key('ab sweep better'),
    run: () => {
      openSweep('ab');
      showBottom('sweeps');
    },
  },
  {
    id: 'repeat-run',
    family: 'Run',
    title: key('Repeat a run…'),
    keywords: key('repetitions sweep noise'),
    run: () => {
      openSweep('repeat');
      showBottom('sweeps');
    },
  },
  {
    id: 'batch-of-experiments',
    family: 'Run',
    title: key('Run several experiments…'),
    keywords: key('batch all verdict job'),
    run: () => {
      openSweep('batch');
      showBottom('sweeps');
    },
  },
];

/** One for each sweep of the document. */
export const sweepActions = (): readonly Action[] =>
  document().sweeps.map((sweep, place) => ({
    id: `sweep-${sweep.name}`,
    family: 'Run',
    title: key('Measure sweep: {{title}}'),
    values: () => ({ title: sweep.title || sweep.name }),
    keywords: sweep.type,
    disabled: whyNoRun,
    run: () => {
      openSweep(place);
      showBottom('sweeps');
      void startSweep((swept) => ({ type: 'sweep', ...swept, sweep: sweep.name }));
    },
  }));
