import { Group, Text } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import type { TrafficStatus } from '../../engine/api/types.ts';
import { useT } from '../i18n/t.ts';
import { useFrameEvery } from '../stores/use-live.ts';
import { formatCount, formatMeasure, formatMs } from '../ui/format.ts';
import { ReasonBadge } from '../ui/ReasonBadge.tsx';
import { Dashboard, WindowControls } from './Dashboard.tsx';
import classes from './TrafficPanel.module.css';

/** Live throughput and latency, as the client sees them, and why requests fail. */
export function TrafficPanel() {
  const t = useT();
  const frame = useFrameEvery(250);
  const traffic = frame?.traffic ?? null;
  return (
    <div className={classes.panel}>
      <Dashboard />
      <div className={classes.aside}>
        <WindowControls />
        {traffic ? (
          <Figures traffic={traffic} />
        ) : (
          <Text size="sm" c="dimmed" p="xs">
            {t(
              'No traffic yet. Press Run: figures over the last second show here, with every fault marked on the charts.',
            )}
          </Text>
        )}
      </div>
    </div>
  );
}

function Figures({ traffic }: { traffic: TrafficStatus }) {
  const t = useT();
  const { counts, window, vus, iterations } = traffic;
  const reasons = Object.entries(counts.reasons).sort(([, a], [, b]) => b - a);
  return (
    <div className={classes.figures} data-testid="traffic-figures">
      <Group gap={6} mb={4}>
        <Text size="sm" fw={600}>
          {formatMeasure(window.ratePerSec, 'per second')}
        </Text>
        <Text size="xs" c="dimmed">
          {t('{{what}} · seed {{seed}}', { what: traffic.scenario, seed: traffic.seed })}
        </Text>
      </Group>
      <dl>
        <dt>{t('Issued')}</dt>
        <dd data-metric="issued">{formatCount(counts.issued)}</dd>
        <dt>
          <IconCheck size={12} color="var(--chart-ok)" aria-hidden /> {t('Ok')}
        </dt>
        <dd data-metric="ok">{formatCount(counts.ok)}</dd>
        <dt>
          <IconX size={12} color="var(--chart-failed)" aria-hidden /> {t('Failed')}
        </dt>
        <dd data-metric="failed">{formatCount(counts.failed)}</dd>
        <dt>{t('Dropped')}</dt>
        <dd data-metric="dropped">{formatCount(counts.dropped)}</dd>
        <dt>{t('In flight')}</dt>
        <dd data-metric="in-flight">{formatCount(counts.inFlight)}</dd>
        {vus !== null && (
          <>
            <dt>{t('VUs')}</dt>
            <dd data-metric="vus">{formatCount(vus)}</dd>
            <dt>{t('Iterations')}</dt>
            <dd data-metric="iterations">{formatCount(iterations.completed)}</dd>
          </>
        )}
        <dt title={t('Measured from when each request really was sent: what it waited for before that is left out.')}>
          {t('p99 uncorrected')}
        </dt>
        <dd data-metric="uncorrected-p99">{formatMs(window.latencyMs.uncorrected.p99)}</dd>
      </dl>
      {reasons.length > 0 && (
        <>
          <Text size="xs" fw={600} mt={6}>
            {t('Failed because, with their traces')}
          </Text>
          <dl data-testid="failure-reasons">
            {reasons.map(([reason, count]) => (
              <div key={reason} className={classes.reason} data-reason={reason}>
                <dt>
                  <ReasonBadge reason={reason}>{null}</ReasonBadge>
                </dt>
                <dd>{formatCount(count)}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
    </div>
  );
}
