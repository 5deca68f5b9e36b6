import { Group, Progress, Stack, Text } from '@mantine/core';
import { IconCircle, IconCircleCheckFilled, IconCircleDotFilled } from '@tabler/icons-react';
import type { ExperimentStatus } from '../../engine/api/types.ts';
import { type Key, key, useT } from '../i18n/t.ts';
import { useFrameEvery } from '../stores/use-live.ts';
import { formatSeconds } from '../ui/format.ts';

const phases: { phase: ExperimentStatus['phase']; label: Key }[] = [
  { phase: 'starting', label: key('Start') },
  { phase: 'warm-up', label: key('Warm-up') },
  { phase: 'steady-state', label: key('Steady state') },
  { phase: 'method', label: key('Faults') },
  { phase: 'recovery', label: key('Recovery') },
];

/** Which phase the experiment is in and how far. */
export function ExperimentProgress() {
  const t = useT();
  const frame = useFrameEvery(200);
  const experiment = frame?.experiment;
  if (!frame || !experiment) return null;
  const now = phases.findIndex(({ phase }) => phase === experiment.phase);
  const total = Math.max(1, experiment.expectedEndAtMs - experiment.startedAtMs);
  const left = experiment.expectedEndAtMs - frame.atMs;
  return (
    <Stack gap="sm" data-testid="experiment-progress" data-phase={experiment.phase}>
      <Group justify="space-between">
        <Text fw={600} size="sm">
          {t('Experiment {{name}}', { name: experiment.name })}
        </Text>
        <Text size="xs" c="dimmed">
          {left > 0 ? t('about {{time}} left', { time: formatSeconds(left) }) : t('nearly done')}
        </Text>
      </Group>
      <Progress
        value={Math.min(100, ((frame.atMs - experiment.startedAtMs) / total) * 100)}
        animated
        aria-label={t('Progress of the experiment')}
      />
      <Group gap="lg">
        {phases.map(({ phase, label }, index) => (
          <Group key={phase} gap={5} aria-current={index === now ? 'step' : undefined}>
            {index < now ? (
              <IconCircleCheckFilled size={16} color="var(--state-ready)" aria-label={t('done')} />
            ) : index === now ? (
              <IconCircleDotFilled size={16} color="var(--state-starting)" aria-label={t('now')} />
            ) : (
              <IconCircle size={16} color="var(--state-stopped)" aria-label={t('to come')} />
            )}
            <Text size="sm" fw={index === now ? 600 : 400} c={index > now ? 'dimmed' : undefined}>
              {t(label)}
            </Text>
          </Group>
        ))}
      </Group>
      <Text size="xs" c="dimmed">
        {t('Stop ends it early; everything is undone and the verdict is “aborted”.')}
      </Text>
    </Stack>
  );
}
