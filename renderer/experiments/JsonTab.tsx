import { Loader, Text } from '@mantine/core';
import { lazy, Suspense, useEffect, useState } from 'react';
import { type Experiment, experimentSchema } from '../../engine/model/experiment.ts';
import { schemaErrors } from '../../engine/model/issues.ts';
import { closeStep } from '../stores/document.ts';
import { useReadOnly } from '../stores/trust.ts';
import { editExperiment } from './experiment-edits.ts';
import classes from './experiments.module.css';

/** Loaded when it is first looked at: an editor is larger than everything else here. */
const JsonEditor = lazy(() => import('../code/JsonEditor.tsx'));

export const written = (experiment: Experiment): string => JSON.stringify(experiment, null, 2);

/** The experiment in a text, or what is wrong with the text. */
export function readExperiment(text: string): { experiment: Experiment } | { problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { problem: `This is no JSON yet: ${error instanceof Error ? error.message : String(error)}` };
  }
  const parsed = experimentSchema.safeParse(value);
  if (parsed.success) return { experiment: parsed.data };
  const problems = schemaErrors(experimentSchema, value, '$').map(({ path, message }) => `${path} ${message}`);
  return { problem: problems.join('; ') };
}

/** The same experiment as text. Only what is valid reaches the document; the text itself stays as it was typed. */
export function JsonTab({ experiment, index }: { experiment: Experiment; index: number }) {
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
        {'problem' in read ? `Not applied. ${read.problem}` : 'The timeline and this text are the same experiment.'}
      </Text>
      <Suspense fallback={<Loader size="xs" />}>
        <JsonEditor
          label="Experiment as JSON"
          value={text}
          readOnly={readOnly}
          onChange={(next) => {
            setText(next);
            const known = readExperiment(next);
            if ('experiment' in known)
              editExperiment(index, () => known.experiment, { name: 'edit as JSON', step: `json ${index}` });
          }}
          onLeave={closeStep}
        />
      </Suspense>
    </div>
  );
}
