import { Loader, Text } from '@mantine/core';
import { lazy, Suspense, useEffect, useState } from 'react';
import type { Experiment } from '../../engine/model/experiment.ts';
import { useT } from '../i18n/t.ts';
import { closeStep } from '../stores/document.ts';
import { useReadOnly } from '../stores/trust.ts';
import { editExperiment } from './experiment-edits.ts';
import { readExperiment, written } from './experiment-text.ts';
import classes from './experiments.module.css';

/** Loaded when it is first looked at: an editor is larger than everything else here. */
const JsonEditor = lazy(() => import('../code/JsonEditor.tsx'));

/** The same experiment as text. Only what is valid reaches the document; the text itself stays as it was typed. */
export function JsonTab({ experiment, index }: { experiment: Experiment; index: number }) {
  const t = useT();
  const readOnly = useReadOnly();
  const [text, setText] = useState(() => written(experiment));
  const read = readExperiment(text);
  useEffect(() => {
    // An undo, or a change on the timeline: the text follows, unless it says the same in other words.
    setText((shown) => {
      const known = readExperiment(shown);
      return 'experiment' in known && written(known.experiment) === written(experiment) ? shown : written(experiment);
    });
  }, [experiment]);
  return (
    <div className={classes.json}>
      <Text size="xs" c={'problem' in read ? 'red' : 'dimmed'} role="status" data-testid="json-state">
        {'problem' in read
          ? t('Not applied. {{problem}}', { problem: read.problem })
          : t('The timeline and this text are the same experiment.')}
      </Text>
      <Suspense fallback={<Loader size="xs" />}>
        <JsonEditor
          label={t('Experiment as JSON')}
          value={text}
          readOnly={readOnly}
          onChange={(next) => {
            setText(next);
            const known = readExperiment(next);
            if ('experiment' in known)
              editExperiment(index, () => known.experiment, { name: t('edit as JSON'), step: `json ${index}` });
          }}
          onLeave={closeStep}
        />
      </Suspense>
    </div>
  );
}
