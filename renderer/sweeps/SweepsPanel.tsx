import { ActionIcon, Button, Group, Menu, Text, Tooltip } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useT } from '../i18n/t.ts';
import { useDocument } from '../stores/document.ts';
import { useProblems } from '../stores/problems.ts';
import { runningSweep, useRun } from '../stores/run.ts';
import { type SweepPlace, useSession } from '../stores/session.ts';
import { useReadOnly } from '../stores/trust.ts';
import { BatchPanel } from './BatchPanel.tsx';
import { ComparePanel } from './ComparePanel.tsx';
import { Jobs } from './Jobs.tsx';
import { RepeatPanel } from './RepeatPanel.tsx';
import { SweepEditor } from './SweepEditor.tsx';
import { addSweep, newSweep, openSweep, removeSweep, sweepQuestions, sweepTitles, sweepTypes } from './sweep-edits.ts';
import classes from './sweeps.module.css';

/** The sweeps of the document, and beside them what is measured without standing in it: repetitions, batches, and A against B. */
export function SweepsPanel() {
  const sweeps = useDocument(({ document }) => document.sweeps);
  const chosen = useSession(({ sweep }) => sweep);
  const place = typeof chosen === 'number' ? Math.min(chosen, sweeps.length - 1) : chosen;
  const sweep = typeof place === 'number' ? sweeps[place] : undefined;
  return (
    <div className={classes.panel}>
      <SweepsOf place={place} />
      {place === 'ab' && <ComparePanel />}
      {place === 'repeat' && <RepeatPanel />}
      {place === 'batch' && <BatchPanel />}
      {sweep && typeof place === 'number' && <SweepEditor key={place} sweep={sweep} index={place} />}
      {place === -1 && <Nothing />}
    </div>
  );
}

function SweepsOf({ place }: { place: SweepPlace }) {
  const t = useT();
  const document = useDocument((state) => state.document);
  const problems = useProblems(({ errors }) => errors);
  const running = useRun(({ frame }) => runningSweep(frame));
  const readOnly = useReadOnly();
  const drafts = sweepTypes.map((type) => newSweep(type, document));
  const item = (key: SweepPlace, title: string, isRunning: boolean, invalid = false) => (
    <button
      key={key}
      type="button"
      className={classes.item}
      aria-current={key === place}
      data-invalid={invalid}
      onClick={() => openSweep(key)}
    >
      <span>{title}</span>
      {isRunning && <b className={classes.running}>{t('running')}</b>}
    </button>
  );
  return (
    <nav className={classes.list} aria-label={t('Sweeps')}>
      <div className={classes.items}>
        {document.sweeps.map((sweep, index) =>
          item(
            index,
            sweep.title || sweep.name || t('no title'),
            running?.type === sweep.type && running.name === sweep.name,
            problems.some(({ path }) => path.startsWith(`$.sweeps[${index}]`)),
          ),
        )}
        {item('ab', t('A/B: two documents'), running?.type === 'ab')}
        {item('repeat', t('Repetitions'), running?.type === 'repeat')}
        {item('batch', t('Batch of experiments'), running?.type === 'batch')}
        <Jobs />
      </div>
      <Group gap={4} wrap="nowrap">
        <Menu position="top-start" width={300}>
          <Menu.Target>
            <Button
              size="compact-xs"
              variant="light"
              leftSection={<IconPlus size={13} />}
              disabled={readOnly || drafts.some((draft) => draft === null)}
              title={drafts.some((draft) => draft === null) ? t('First add a scenario and a connection.') : undefined}
            >
              {t('New sweep')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {drafts.map(
              (draft) =>
                draft && (
                  <Menu.Item key={draft.type} onClick={() => addSweep(draft)}>
                    <b>{t(sweepTitles[draft.type])}</b>
                    <Text size="xs" c="dimmed">
                      {t(sweepQuestions[draft.type])}
                    </Text>
                  </Menu.Item>
                ),
            )}
          </Menu.Dropdown>
        </Menu>
        <Tooltip label={t('Delete the sweep')}>
          <ActionIcon
            size="sm"
            variant="subtle"
            color="gray"
            aria-label={t('Delete the sweep')}
            disabled={readOnly || typeof place !== 'number' || place < 0}
            onClick={() => typeof place === 'number' && removeSweep(place)}
          >
            <IconTrash size={15} />
          </ActionIcon>
        </Tooltip>
      </Group>
    </nav>
  );
}

const Nothing = () => {
  const t = useT();
  return (
    <Text size="sm" c="dimmed">
      {t(
        'A sweep measures the same again and again while one thing differs: the rate, the replicas, timeout and attempts, or the way by which a rate was reached. Create one with “New sweep”, compare two documents, or repeat a run.',
      )}
    </Text>
  );
};
