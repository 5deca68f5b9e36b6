import { Button, Group, Text } from '@mantine/core';
import { IconFlask, IconPlayerStopFilled } from '@tabler/icons-react';
import type { ExperimentStatus } from '../../engine/api/types.ts';
import type { Experiment } from '../../engine/model/experiment.ts';
import { said } from '../i18n/said.ts';
import { type Key, key, t, useT } from '../i18n/t.ts';
import { runExperiment, stop } from '../running/run-actions.ts';
import { useRun } from '../stores/run.ts';
import { useFrameEvery } from '../stores/use-live.ts';
import { formatSeconds } from '../ui/format.ts';
import classes from './experiments.module.css';
import { VerdictBadge } from './VerdictBadge.tsx';

/** What the experiment states, the way to run it or to stop it, and how far it is. */
export function ExperimentHead({ experiment }: { experiment: Experiment }) {
  const t = useT();
  const frame = useFrameEvery(250);
  const busy = useRun((state) => state.busy);
  const last = useRun(({ lastExperiment }) => lastExperiment);
  const status = frame?.experiment && frame.experiment.phase !== 'done' ? frame.experiment : null;
  const isRunning = status?.name === experiment.name;
  return (
    <Group justify="space-between" wrap="nowrap" gap="md">
      <div className={classes.title}>
        <b>{experiment.title || t('no title')}</b>
        <Text size="xs" c="dimmed" truncate title={experiment.statement}>
          {experiment.statement || t('It has no statement yet: write in the settings what it is to show.')}
        </Text>
      </div>
      <Group gap={10} wrap="nowrap" style={{ flex: 'none' }}>
        {isRunning && frame && (
          <Text size="xs" c="dimmed" data-testid="time-left" style={{ whiteSpace: 'nowrap' }}>
            {status.step ? said(status.step) : t(phaseWords[status.phase])} ·{' '}
            {timeLeft(status.expectedEndAtMs - frame.atMs)}
          </Text>
        )}
        {!isRunning && last?.experiment.name === experiment.name && <VerdictBadge verdict={last.verdict} size="lg" />}
        {isRunning ? (
          <Button
            size="compact-sm"
            color="red"
            leftSection={<IconPlayerStopFilled size={13} />}
            disabled={busy === 'stopping'}
            onClick={() => void stop()}
          >
            {t('Stop experiment')}
          </Button>
        ) : (
          <Button
            size="compact-sm"
            leftSection={<IconFlask size={14} />}
            disabled={busy !== null || status !== null}
            aria-label={t('Run “{{title}}”', { title: experiment.title })}
            onClick={() => void runExperiment(experiment.name)}
          >
            {t('Run')}
          </Button>
        )}
      </Group>
    </Group>
  );
}

const phaseWords: Record<ExperimentStatus['phase'], Key> = {
  starting: key('starting'),
  'warm-up': key('warming up'),
  'steady-state': key('watching the steady state'),
  method: key('in the method'),
  recovery: key('watching the recovery'),
  rollback: key('rolling back'),
  done: key('done'),
};

const timeLeft = (leftMs: number): string =>
  leftMs > 0 ? t('about {{time}} left', { time: formatSeconds(leftMs) }) : t('nearly done');
