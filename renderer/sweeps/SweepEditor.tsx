import type { Sweep } from '../../engine/model/sweep.ts';
import { said } from '../i18n/said.ts';
import { useT } from '../i18n/t.ts';
import { choicesForExperiment, parametersOfFault } from '../inspector/choices.ts';
import { labelOf } from '../inspector/form/labels.ts';
import { SchemaForm } from '../inspector/form/SchemaForm.tsx';
import { closeStep, edit } from '../stores/document.ts';
import { useProblems } from '../stores/problems.ts';
import { withValueAt } from '../stores/value-at.ts';
import { Measuring } from './Measuring.tsx';
import { startSweep } from './sweep-actions.ts';
import { schemaOfSweep, sweepQuestions, sweepTitles } from './sweep-edits.ts';
import classes from './sweeps.module.css';

/** One sweep of the document: its form, the way to run it, and what it found. */
export function SweepEditor({ sweep, index }: { sweep: Sweep; index: number }) {
  const t = useT();
  const problems = useProblems(({ errors }) => errors);
  return (
    <Measuring
      title={sweep.title || t(sweepTitles[sweep.type])}
      question={t(sweepQuestions[sweep.type])}
      is={({ type, name }) => type === sweep.type && name === sweep.name}
      onRun={() => startSweep((swept) => ({ type: 'sweep', ...swept, sweep: sweep.name }))}
    >
      <div className={classes.form} data-testid="sweep-form">
        <SchemaForm
          schema={schemaOfSweep(sweep.type)}
          value={sweep}
          problems={problems}
          root={`$.sweeps[${index}]`}
          onChange={(path, value) =>
            edit((document) => withValueAt(document, ['sweeps', index, ...path], value), {
              name: t('change {{what}} of “{{title}}”', {
                what: said(labelOf(String(path[0] ?? ''))),
                title: sweep.title || sweep.name,
              }),
              step: `sweep ${index} ${path.join(' ')}`,
            })
          }
          onLeave={closeStep}
          choices={choicesForExperiment(sweep.scenario)}
          schemaOf={parametersOfFault}
        />
      </div>
    </Measuring>
  );
}
