import { ActionIcon, Button, Group, Tooltip } from '@mantine/core';
import { IconCopy, IconPlus, IconTrash } from '@tabler/icons-react';
import { EmptyState } from '../empty/EmptyState.tsx';
import { hintsAction } from '../empty/empty-actions.ts';
import { useT } from '../i18n/t.ts';
import { useDocument } from '../stores/document.ts';
import { firstExperiment } from '../stores/first-experiment.ts';
import { useProblems } from '../stores/problems.ts';
import { useRun } from '../stores/run.ts';
import { useSession } from '../stores/session.ts';
import { useReadOnly } from '../stores/trust.ts';
import { ExperimentEditor } from './ExperimentEditor.tsx';
import { ExperimentFiles } from './ExperimentFiles.tsx';
import { addExperiments, duplicateExperiment, openExperiment, removeExperiment } from './experiment-edits.ts';
import classes from './experiments.module.css';
import { VerdictBadge } from './VerdictBadge.tsx';

/** All experiments of the document beside the one that is edited or runs. */
export function ExperimentsPanel() {
  const t = useT();
  const document = useDocument((state) => state.document);
  const chosen = useSession(({ experiment }) => experiment);
  const index = Math.min(chosen, document.experiments.length - 1);
  const experiment = document.experiments[index];
  return (
    <div className={classes.panel}>
      <ExperimentsOf index={index} />
      {experiment ? (
        <ExperimentEditor key={index} experiment={experiment} index={index} />
      ) : (
        <EmptyState title={t('No experiment yet')} actions={[hintsAction]}>
          {t(
            'An experiment watches the steady state, injects faults under load, and gives a measured verdict on its statement. Press New for one that kills a process, or take one from a hint, made for this document.',
          )}
        </EmptyState>
      )}
    </div>
  );
}

function ExperimentsOf({ index }: { index: number }) {
  const t = useT();
  const document = useDocument((state) => state.document);
  const problems = useProblems(({ errors }) => errors);
  const last = useRun(({ lastExperiment }) => lastExperiment);
  const running = useRun(({ frame }) =>
    frame?.experiment && frame.experiment.phase !== 'done' ? frame.experiment.name : null,
  );
  const readOnly = useReadOnly();
  const draft = firstExperiment(document);
  return (
    <nav className={classes.list} aria-label={t('Experiments')}>
      <div className={classes.items}>
        {document.experiments.map((experiment, place) => (
          <button
            // biome-ignore lint/suspicious/noArrayIndexKey: an experiment's name is what is being typed
            key={place}
            type="button"
            className={classes.item}
            aria-current={place === index}
            data-invalid={problems.some(({ path }) => path.startsWith(`$.experiments[${place}]`))}
            onClick={() => openExperiment(place)}
          >
            <span>{experiment.title || t('no title')}</span>
            {running === experiment.name ? (
              <b className={classes.running}>{t('running')}</b>
            ) : (
              last?.experiment.name === experiment.name && <VerdictBadge verdict={last.verdict} />
            )}
          </button>
        ))}
      </div>
      <Group gap={4} wrap="nowrap">
        <Button
          size="compact-xs"
          variant="light"
          leftSection={<IconPlus size={13} />}
          disabled={draft === null || readOnly}
          title={draft === null ? t('First add a scenario, and a node to kill.') : undefined}
          onClick={() =>
            draft && openExperiment(addExperiments([draft], t('create “{{title}}”', { title: draft.title })))
          }
        >
          {t('New')}
        </Button>
        <Act
          label={t('Duplicate the experiment')}
          disabled={readOnly || index < 0}
          onClick={() => openExperiment(duplicateExperiment(index))}
        >
          <IconCopy size={15} />
        </Act>
        <Act
          label={t('Delete the experiment')}
          disabled={readOnly || index < 0}
          onClick={() => {
            removeExperiment(index);
            openExperiment(Math.max(0, index - 1));
          }}
        >
          <IconTrash size={15} />
        </Act>
        <ExperimentFiles experiment={document.experiments[index]} />
      </Group>
    </nav>
  );
}

function Act(props: { label: string; disabled: boolean; onClick(): void; children: React.ReactNode }) {
  return (
    <Tooltip label={props.label}>
      <ActionIcon
        size="sm"
        variant="subtle"
        color="gray"
        aria-label={props.label}
        disabled={props.disabled}
        onClick={props.onClick}
      >
        {props.children}
      </ActionIcon>
    </Tooltip>
  );
}
