import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import type { Comparison, OpenedRecord } from '../../engine/records/record.ts';
import { EmptyState } from '../empty/EmptyState.tsx';
import { runAction } from '../empty/empty-actions.ts';
import { engine } from '../engine-client/client.ts';
import { shownError } from '../engine-client/errors.ts';
import { said } from '../i18n/said.ts';
import { useT } from '../i18n/t.ts';
import { showError } from '../stores/session.ts';
import { ComparisonTable } from './ComparisonTable.tsx';
import { RecordRows } from './RecordRows.tsx';
import { RecordView } from './RecordView.tsx';
import classes from './RunsPanel.module.css';
import { useRecords } from './use-records.ts';

type Shown = { type: 'record'; record: OpenedRecord } | { type: 'comparison'; comparison: Comparison } | null;

/** Runs that were recorded: open one, compare two, delete. */
export function RunsPanel() {
  const t = useT();
  const { records, error, refresh } = useRecords();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [shown, setShown] = useState<Shown>(null);
  const [asking, setAsking] = useState(false);

  const attempt = async (what: string, action: () => Promise<void>): Promise<void> => {
    try {
      await action();
    } catch (problem) {
      showError(what, shownError(problem));
    }
  };
  const open = (id: string) =>
    attempt(t('The run was not opened'), async () =>
      setShown({ type: 'record', record: await engine.records.open.query({ id }) }),
    );
  const compare = ([b, a]: readonly string[]) =>
    attempt(t('The runs were not compared'), async () => {
      if (a && b) setShown({ type: 'comparison', comparison: await engine.records.compare.query({ a, b }) });
    });
  const remove = () =>
    attempt(t('Not all runs were deleted'), async () => {
      setAsking(false);
      try {
        await engine.records.delete.mutate({ ids: [...chosen] });
      } finally {
        setChosen([]);
        setShown(null);
        refresh();
      }
    });

  if (error && !records)
    return (
      <Text size="sm" c="red">
        {said(error.message)} {said(error.nextStep)}
      </Text>
    );
  if (records?.length === 0)
    return (
      <EmptyState title={t('No run was recorded yet')} actions={[runAction]}>
        {t(
          'Each run and each experiment leaves a record here: opened, compared with another, replayed on the canvas or handed out as a report.',
        )}
      </EmptyState>
    );
  // In the order of the list, the newest first: "before" is the older one.
  const inOrder = (records ?? []).map(({ id }) => id).filter((id) => chosen.includes(id));
  return (
    <div className={classes.panel}>
      <section className={classes.list} aria-label={t('Recorded runs')}>
        <Group gap={6}>
          <Button
            size="compact-xs"
            variant="light"
            disabled={inOrder.length !== 2}
            onClick={() => void compare(inOrder)}
          >
            {t('Compare two')}
          </Button>
          {asking ? (
            <>
              <Button size="compact-xs" color="red" onClick={() => void remove()}>
                {t('Delete these {{count}} runs for good', { count: chosen.length })}
              </Button>
              <Button size="compact-xs" variant="default" onClick={() => setAsking(false)}>
                {t('Keep')}
              </Button>
            </>
          ) : (
            <Button
              size="compact-xs"
              variant="subtle"
              color="red"
              disabled={chosen.length === 0}
              onClick={() => setAsking(true)}
            >
              {t('Delete')}
            </Button>
          )}
        </Group>
        <RecordRows
          records={records ?? []}
          chosen={chosen}
          onChoose={(id) =>
            setChosen((before) => (before.includes(id) ? before.filter((other) => other !== id) : [...before, id]))
          }
          onOpen={(id) => void open(id)}
        />
      </section>
      <section className={classes.view} aria-label={t('Recorded run')}>
        {shown?.type === 'record' && <RecordView record={shown.record} />}
        {shown?.type === 'comparison' && <ComparisonTable comparison={shown.comparison} />}
        {!shown && (
          <Text size="sm" c="dimmed">
            {t('Open a run to see what it came to, or choose two to compare them.')}
          </Text>
        )}
      </section>
    </div>
  );
}
