import { Text } from '@mantine/core';
import type { AutoscalerStatus } from '../../engine/api/types.ts';
import classes from '../inspector/Inspector.module.css';
import { formatCount, formatMs } from '../ui/format.ts';

const metricName = {
  cpu: 'CPU per replica',
  'in-flight': 'In flight per replica',
  queue: 'Queue per replica',
} as const;

/** What an autoscaler sees, what it wants, what holds it, and how far it lags behind. */
export function AutoscalerFigures({ autoscaler }: { autoscaler: AutoscalerStatus }) {
  const { metric, target, measured, recommended, heldBy, minReplicas, maxReplicas, figures } = autoscaler;
  const show = (value: number | null): string =>
    value === null ? '–' : metric === 'cpu' ? `${(value * 100).toFixed(0)} %` : value.toFixed(1);
  return (
    <div data-testid="autoscaler">
      <Text size="xs" fw={600} mb={4}>
        Autoscaler
      </Text>
      <dl className={classes.facts}>
        <dt>{metricName[metric]}</dt>
        <dd>
          {show(measured)} · target {show(target)}
        </dd>
        <dt>Asks for</dt>
        <dd>
          {recommended ?? '–'} of {minReplicas} to {maxReplicas}
        </dd>
        <dt title="From the load's going beyond the target until enough replicas carried it">Time to scale</dt>
        <dd>
          {figures.timeToScaleMs
            ? `${formatMs(figures.timeToScaleMs.mean)} · longest ${formatMs(figures.timeToScaleMs.max)}`
            : '–'}
          {figures.unfinished > 0 && ' · lags now'}
        </dd>
        <dt title="Most replicas beyond those that the load needed when it was carried">Overshoot</dt>
        <dd>{figures.overshoot ?? '–'}</dd>
        <dt title="Changes that took back an earlier one within 20 s">Flaps</dt>
        <dd>{formatCount(figures.flaps)}</dd>
        <dt title="Calls to the node that failed while its number of replicas changed">Lost while scaling</dt>
        <dd>{formatCount(figures.failedCalls)}</dd>
      </dl>
      {heldBy && (
        <Text size="xs" c="dimmed" mt={4}>
          As it is because {heldBy}.
        </Text>
      )}
    </div>
  );
}
