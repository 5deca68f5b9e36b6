import { useState } from 'react';
import { schemaErrors } from '../../engine/model/issues.ts';
import { type Repeat, repeatSchema } from '../../engine/model/repetition.ts';
import { said } from '../i18n/said.ts';
import { useT } from '../i18n/t.ts';
import { choicesForExperiment } from '../inspector/choices.ts';
import { SchemaForm } from '../inspector/form/SchemaForm.tsx';
import { useDocument } from '../stores/document.ts';
import { withValueAt } from '../stores/value-at.ts';
import { Measuring } from './Measuring.tsx';
import { startSweep } from './sweep-actions.ts';
import classes from './sweeps.module.css';

/** Kept while the window is open; it stands in no document. */
let draft: Record<string, unknown> | null = null;

/** The same again: an experiment or a run several times, each from nothing and with a seed of its own. */
export function RepeatPanel() {
  const t = useT();
  const document = useDocument((state) => state.document);
  const experiment = document.experiments[0]?.name;
  const scenario = document.scenarios[0]?.name ?? '';
  const [plan, setPlan] = useState<Record<string, unknown>>(
    () =>
      draft ?? {
        of: experiment === undefined ? { type: 'run', scenario } : { type: 'experiment', name: experiment },
        repetitions: 3,
      },
  );
  draft = plan;
  const problems = schemaErrors(repeatSchema, plan);
  return (
    <Measuring
      title={t('Repetitions')}
      question={t(
        'How much of it is chance? An experiment or a run again and again, with intervals and a combined verdict.',
      )}
      is={({ type }) => type === 'repeat'}
      refusal={problems[0] ? `${said(problems[0].message)}. ${said(problems[0].nextStep)}` : null}
      onRun={() => startSweep((swept) => ({ type: 'repeat', ...swept, repeat: plan as unknown as Repeat }))}
    >
      <div className={classes.form}>
        <SchemaForm
          schema={repeatSchema}
          value={plan}
          problems={problems}
          root="$"
          onChange={(path, value) => setPlan((before) => withValueAt(before, path, value))}
          choices={(key, siblings) =>
            key === 'name' && siblings.type === 'experiment'
              ? document.experiments.map(({ name, title }) => ({ value: name, label: title || name }))
              : choicesForExperiment('')(key, siblings)
          }
        />
      </div>
    </Measuring>
  );
}
