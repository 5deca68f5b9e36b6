import { Button, SegmentedControl } from '@mantine/core';
import { IconZoomReset } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useT } from '../i18n/t.ts';
import { useFrameEvery } from '../stores/use-live.ts';
import { formatBytes, formatMeasure, formatMs, formatRate } from '../ui/format.ts';
import { createLargest, latencyLines, linesFor, throughputLines } from './chart-lines.ts';
import { followLive, spans, useChartWindow } from './chart-window.ts';
import { LiveChart } from './LiveChart.tsx';
import { liveHistory } from './live-history.ts';
import classes from './TrafficPanel.module.css';

const MOST_LINES = 12;

const perSec = (value: number): string => `${formatRate(value)}/s`;
const ratio = (value: number): string => formatMeasure(value, 'ratio');

/** What was measured over time: traffic, failures, and what the processes used. Only charts that are seen are drawn. */
export function Dashboard() {
  const t = useT();
  const reasons = useLines('reason:');
  const saturations = useLines('saturation:');
  const cpu = useLines('cpu:');
  const memory = useLines('rss:');
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: keys scroll it
    <section className={classes.charts} aria-label={t('Charts')} tabIndex={0}>
      <LiveChart title={t('Throughput')} lines={throughputLines} format={perSec} />
      <LiveChart title={t('Latency')} lines={latencyLines} format={formatMs} />
      <LiveChart title={t('Failures by reason')} lines={reasons} format={perSec} />
      <LiveChart
        title={t('Saturation')}
        help={t('Used share of what limits each node: slots, queue, CPU or connections.')}
        lines={saturations}
        format={ratio}
      />
      <LiveChart title={t('CPU per process')} help={t('Share of one core.')} lines={cpu} format={ratio} />
      <LiveChart title={t('Memory per process')} lines={memory} format={formatBytes} />
    </section>
  );
}

/** Lines of what has such a name now; built anew only when other names are shown. */
function useLines(prefix: string) {
  useFrameEvery(1000);
  const [largest] = useState(() => createLargest(MOST_LINES));
  const shown = largest(liveHistory.names(prefix), liveHistory.newest, performance.now());
  const key = [...shown].sort().join('\n');
  return useMemo(() => linesFor(key === '' ? [] : key.split('\n')), [key]);
}

/** How much time the charts show, and the way back from what was chosen with the brush. */
export function WindowControls() {
  const t = useT();
  const { spanSec, zoom } = useChartWindow();
  return (
    <div>
      {zoom ? (
        <Button size="compact-xs" leftSection={<IconZoomReset size={13} />} onClick={followLive}>
          {t('Live again')}
        </Button>
      ) : (
        <SegmentedControl
          size="xs"
          aria-label={t('Time that the charts show')}
          value={String(spanSec)}
          onChange={(value) => useChartWindow.setState({ spanSec: Number(value) as (typeof spans)[number] })}
          data={spans.map((span) => ({ value: String(span), label: t('{{span}} min', { span: span / 60 }) }))}
        />
      )}
    </div>
  );
}
