import { Button, Group, Progress, SegmentedControl, Text } from '@mantine/core';
import { IconPlayerPlayFilled, IconPlayerStopFilled } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import type { SweepResult, SweepStatus } from '../../engine/api/types.ts';
import { useConnection } from '../engine-client/client.ts';
import { said } from '../i18n/said.ts';
import { useT } from '../i18n/t.ts';
import { stop } from '../running/run-actions.ts';
import { runningSweep, useRun } from '../stores/run.ts';
import { useFrameEvery } from '../stores/use-live.ts';
import { formatSeconds } from '../ui/format.ts';
import { SweepResultView } from './results/SweepResultView.tsx';
import classes from './sweeps.module.css';

interface Props {
  title: string;
  question: string;
  /** Whether what runs, or ran last, is this one. */
  is(sweep: Pick<SweepStatus | SweepResult, 'type' | 'name'>): boolean;
  /** Why it cannot be run yet, or null. */
  refusal?: string | null;
  onRun(): Promise<boolean>;
  /** Its settings. */
  children: ReactNode;
}

/** What is measured many times: its settings, the way to run and to stop it, how far it is, and what it found. */
export function Measuring({ title, question, is, refusal = null, onRun, children }: Props) {
  const t = useT();
  const frame = useFrameEvery(250);
  const online = useConnection(({ state }) => state === 'online');
  const busy = useRun((state) => state.busy);
  const last = useRun(({ lastSweep }) => lastSweep);
  const other = runningSweep(frame);
  const running = other && is(other) ? other : null;
  const result = last && is(last) ? last : null;
  const [wanted, show] = useState<'settings' | 'result'>(result ? 'result' : 'settings');
  const view = wanted === 'result' && (result || running) ? 'result' : 'settings';
  const isExperiment = frame?.experiment != null && frame.experiment.phase !== 'done';
  const held = refusal ?? (!other && isExperiment ? t('An experiment runs.') : null);
  return (
    <div className={classes.editor}>
      <Group justify="space-between" wrap="nowrap" gap="md">
        <div className={classes.title}>
          <b>{title}</b>
          <Text size="xs" c="dimmed">
            {question}
          </Text>
        </div>
        <Group gap={10} wrap="nowrap" style={{ flex: 'none' }}>
          <SegmentedControl
            size="xs"
            aria-label={t('What is shown')}
            value={view}
            onChange={(next) => show(next as typeof view)}
            data={[
              { value: 'settings', label: t('Settings') },
              { value: 'result', label: t('Result'), disabled: !result && !running },
            ]}
          />
          {running ? (
            <Button
              size="compact-sm"
              color="red"
              leftSection={<IconPlayerStopFilled size={13} />}
              disabled={busy === 'stopping'}
              onClick={() => void stop()}
            >
              {t('Stop measuring')}
            </Button>
          ) : (
            <Button
              size="compact-sm"
              leftSection={<IconPlayerPlayFilled size={13} />}
              disabled={!online || busy !== null || held !== null}
              title={held ?? undefined}
              onClick={() => void onRun().then((began) => began && !other && show('result'))}
            >
              {other ? t('Measure after that') : t('Measure')}
            </Button>
          )}
        </Group>
      </Group>
      {running && frame && <SweepProgress sweep={running} atMs={frame.atMs} />}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys */}
      <section key={view} className={classes.view} aria-label={view === 'result' ? 'Result' : 'Settings'} tabIndex={0}>
        {view === 'settings' && children}
        {view === 'result' &&
          (result ? (
            <SweepResultView result={result} />
          ) : (
            <Text size="sm" c="dimmed">
              {t('Nothing has been measured yet.')}
            </Text>
          ))}
      </section>
    </div>
  );
}

function SweepProgress({ sweep, atMs }: { sweep: SweepStatus; atMs: number }) {
  const t = useT();
  const { step, stepsDone, stepsExpected, expectedEndAtMs } = sweep;
  const leftMs = expectedEndAtMs - atMs;
  return (
    <div data-testid="sweep-progress">
      <Group justify="space-between" mb={3}>
        <Text size="xs">
          {t('{{done}} of about {{expected}} measured', { done: stepsDone, expected: stepsExpected })}
          {step && ` · ${t('now: {{step}}', { step: said(step) })}`}
        </Text>
        <Text size="xs" c="dimmed">
          {leftMs > 0 ? t('about {{time}} left', { time: formatSeconds(leftMs) }) : t('nearly done')}
        </Text>
      </Group>
      <Progress
        size="sm"
        value={(100 * stepsDone) / Math.max(1, stepsExpected)}
        animated
        aria-label={t('Progress of the measurements')}
      />
    </div>
  );
}
