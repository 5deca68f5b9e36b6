import { Button, Group, Text } from '@mantine/core';
import { IconFlask, IconPlayerStopFilled } from '@tabler/icons-react';
import type { Experiment } from '../../engine/model/experiment.ts';
import { runExperiment, stop } from '../running/run-actions.ts';
import { useRun } from '../stores/run.ts';
import { useFrameEvery } from '../stores/use-live.ts';
import { formatSeconds } from '../ui/format.ts';
import classes from './experiments.module.css';
import { VerdictBadge } from './VerdictBadge.tsx';

/** What the experiment states, the way to run it or to stop it, and how far it is. */
export function ExperimentHead({ experiment }: { experiment: Experiment }) {
  const frame = useFrameEvery(250);
  const busy = useRun((state) => state.busy);
  const last = useRun(({ lastExperiment }) => lastExperiment);
  const status = frame?.experiment && frame.experiment.phase !== 'done' ? frame.experiment : null;
  const isRunning = status?.name === experiment.name;
  return (
    <Group justify="space-between" wrap="nowrap" gap="md">
      <div className={classes.title}>
        <b>{experiment.title || 'no title'}</b>
        <Text size="xs" c="dimmed" truncate title={experiment.statement}>
          {experiment.statement || 'It has no statement yet: write in the settings what it is to show.'}
        </Text>
      </div>
      <Group gap={10} wrap="nowrap" style={{ flex: 'none' }}>
        {isRunning && frame && (
          <Text size="xs" c="dimmed" data-testid="time-left" style={{ whiteSpace: 'nowrap' }}>
            {status.step ?? phaseWords[status.phase]} · {timeLeft(status.expectedEndAtMs - frame.atMs)}
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
            Stop experiment
          </Button>
        ) : (
          <Button
            size="compact-sm"
            leftSection={<IconFlask size={14} />}
            disabled={busy !== null || status !== null}
            aria-label={`Run “${experiment.title}”`}
            onClick={() => void runExperiment(experiment.name)}
          >
            Run
          </Button>
        )}
      </Group>
    </Group>
  );
}

const phaseWords = {
  starting: 'starting',
  'warm-up': 'warming up',
  'steady-state': 'watching the steady state',
  method: 'in the method',
  recovery: 'watching the recovery',
  rollback: 'rolling back',
  done: 'done',
};

const timeLeft = (leftMs: number): string => (leftMs > 0 ? `about ${formatSeconds(leftMs)} left` : 'nearly done');
