import { Button, Group, Text } from '@mantine/core';
import { IconListDetails } from '@tabler/icons-react';
import type { OpenedRecord } from '../../engine/records/record.ts';
import { RunSummary } from '../experiments/RunSummary.tsx';
import { VerdictPanel } from '../experiments/VerdictPanel.tsx';
import { said } from '../i18n/said.ts';
import { useT } from '../i18n/t.ts';
import { ReplayButton } from '../replay/ReplayButton.tsx';
import { showRecordedLog } from '../stores/session.ts';
import { formatSeconds } from '../ui/format.ts';
import { ReportButtons } from './ReportButtons.tsx';
import classes from './RunsPanel.module.css';

/** A recorded run: its result, and what happened in it. */
export function RecordView({ record }: { record: OpenedRecord }) {
  const t = useT();
  const { summary, result, events } = record;
  const { manifest, state, problem } = summary;
  return (
    <>
      {problem && (
        <Text size="sm" c="red">
          {t('This record cannot be read: {{problem}}.', { problem: said(problem) })}
        </Text>
      )}
      {state === 'interrupted' && (
        <Text size="sm" c="orange">
          {t('This run was cut off. What had been written by then follows.')}
        </Text>
      )}
      <Group gap={6} mb={6}>
        <ReplayButton record={record} />
        <Button
          size="compact-xs"
          variant="light"
          leftSection={<IconListDetails size={13} />}
          onClick={() => showRecordedLog(summary.id)}
        >
          {t('Log')}
        </Button>
      </Group>
      {result && <ReportButtons id={summary.id} />}
      {result && 'verdict' in result && <VerdictPanel result={result} />}
      {result && !('verdict' in result) && <RunSummary result={result} />}
      {events.length > 0 && (
        <ol className={classes.events} aria-label={t('What happened')}>
          {events.map(({ atMs, type, subject, text }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: what happened stays in its order
            <li key={index}>
              <time>+{formatSeconds(atMs - (manifest?.startedAtMs ?? atMs))}</time>
              <b>{subject ?? said(type)}</b>
              <span>{said(text)}</span>
            </li>
          ))}
        </ol>
      )}
    </>
  );
}
