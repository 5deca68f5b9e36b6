import uPlot from 'uplot';
import type { FaultStatus } from '../../engine/api/types.ts';
import { frameNow } from '../stores/run.ts';
import { trafficSeries } from './live-series.ts';

export interface LineOptions {
  /** Column of the traffic series. */
  column: number;
  label: string;
  /** Name of a CSS colour variable. */
  color: string;
}

const WINDOW_SECONDS = 60;
const TICKS = [60, 45, 30, 15, 0];
const MIN_REDRAW_MS = 240;

/** A uPlot of the newest minute of the traffic series, with a band wherever a fault was on. */
export function createLivePlot(
  element: HTMLElement,
  { lines, format }: { lines: readonly LineOptions[]; format(value: number): string },
) {
  const style = getComputedStyle(element);
  const color = (name: string) => style.getPropertyValue(name).trim();
  const axis = {
    stroke: color('--app-muted'),
    grid: { stroke: color('--chart-grid'), width: 1 },
    ticks: { show: false },
    font: '10px system-ui',
  };
  const size = () => ({ width: Math.max(40, element.clientWidth), height: Math.max(40, element.clientHeight) });

  const plot = new uPlot(
    {
      ...size(),
      cursor: { show: false },
      legend: { show: false },
      padding: [8, 18, 0, 0],
      scales: {
        x: { time: true, range: (_plot, _min, max) => [max - WINDOW_SECONDS, max] },
        y: { range: (_plot, _min, max) => [0, max > 0 ? max * 1.15 : 1] },
      },
      axes: [
        {
          ...axis,
          size: 22,
          splits: (_plot, _index, _min, max) => TICKS.map((ago) => max - ago),
          values: () => TICKS.map((ago) => (ago === 0 ? 'now' : `−${ago} s`)),
        },
        { ...axis, size: 50, space: 26, values: (_plot, ticks) => ticks.map(format) },
      ],
      series: [
        {},
        ...lines.map((line) => ({
          label: line.label,
          stroke: color(line.color),
          width: 1.8,
          fill: `${color(line.color)}18`,
          points: { show: false },
        })),
      ],
      hooks: { drawClear: [(drawn) => drawFaults(drawn, color('--chart-fault'))] },
    },
    [[], ...lines.map(() => [])],
    element,
  );

  const observer = new ResizeObserver(() => plot.setSize(size()));
  observer.observe(element);
  let drawnAtMs = 0;
  const update = () => {
    const now = performance.now();
    if (now - drawnAtMs < MIN_REDRAW_MS) return;
    drawnAtMs = now;
    const columns = trafficSeries.columns();
    plot.setData([columns[0] as number[], ...lines.map(({ column }) => columns[column] ?? [])]);
  };
  update();
  return {
    update,
    destroy() {
      observer.disconnect();
      plot.destroy();
    },
  };
}

function drawFaults(plot: uPlot, fill: string): void {
  const { ctx, bbox } = plot;
  const frame = frameNow();
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.fillStyle = fill;
  for (const fault of frame?.faults ?? []) {
    const from = plot.valToPos(fault.startedAtMs / 1000, 'x', true);
    const to = plot.valToPos(endOf(fault, frame?.atMs ?? 0) / 1000, 'x', true);
    if (Number.isFinite(from) && Number.isFinite(to)) ctx.fillRect(from, bbox.top, Math.max(2, to - from), bbox.height);
  }
  ctx.restore();
}

const endOf = (fault: FaultStatus, nowMs: number): number =>
  fault.endedAtMs ?? (fault.state === 'failed' ? fault.startedAtMs : nowMs);
