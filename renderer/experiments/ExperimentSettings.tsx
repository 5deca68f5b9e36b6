import { type Experiment, experimentSchema } from '../../engine/model/experiment.ts';
import { said } from '../i18n/said.ts';
import { useT } from '../i18n/t.ts';
import { choicesForExperiment, parametersOfFault } from '../inspector/choices.ts';
import { labelOf } from '../inspector/form/labels.ts';
import { SchemaForm } from '../inspector/form/SchemaForm.tsx';
import { closeStep } from '../stores/document.ts';
import { useProblems } from '../stores/problems.ts';
import { withValueAt } from '../stores/value-at.ts';
import { editExperiment } from './experiment-edits.ts';
import classes from './experiments.module.css';

/** The timeline has a place for what it shows; everything else of an experiment is here. */
const onTimeline = ['method', 'rollbacks', 'extensions'];

export function ExperimentSettings({ experiment, index }: { experiment: Experiment; index: number }) {
  const t = useT();
  const problems = useProblems(({ errors }) => errors);
  return (
    <div className={classes.form}>
      <SchemaForm
        schema={experimentSchema}
        value={experiment}
        problems={problems}
        root={`$.experiments[${index}]`}
        onChange={(path, value) =>
          editExperiment(index, (before) => withValueAt(before, path, value), {
            name: t('change {{what}}', { what: said(labelOf(String(path[0] ?? ''))) }),
            step: `experiment ${index} ${path.join(' ')}`,
          })
        }
        onLeave={closeStep}
        choices={choicesForExperiment(experiment.scenario)}
        schemaOf={parametersOfFault}
        omit={onTimeline}
      />
    </div>
  );
}
