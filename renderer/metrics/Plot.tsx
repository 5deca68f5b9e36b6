import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import { useT } from '../i18n/t.ts';
import classes from './Plot.module.css';

export interface PlotLine {
  label: string;
  /** Name of a CSS colour variable. */
  color: string;
  values: readonly (number | null)[];
  /** Points without a line between them; default: both. */
  draw?: 'points' | 'line';
  dashed?: boolean;
}

interface Props {
  title: string;
  /** What the plot shows, in words. */
  description: string;
  xLabel: string;
  /** Rising; one value for each of the lines' values. */
  x: readonly number[];
  lines: readonly PlotLine[];
  formatX(value: number): string;
  formatY(value: number): string;
  /** A stretch of x that is marked, such as an interval, and perhaps a value within it. */
  mark?: { from: number; to: number; at?: number } | null;
}

/** A plot of figures that do not change: with its legend, and a stretch of x that may be marked. */
export function Plot({ title, description, xLabel, x, lines, formatX, formatY, mark = null }: Props) {
  const t = useT();
  const element = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme('light');

  // biome-ignore lint/correctness/useExhaustiveDependencies: the plot reads its colours from the scheme when it is made
  useEffect(() => {
    const area = element.current;
    if (!area) return;
    const style = getComputedStyle(area);
    const color = (name: string) => style.getPropertyValue(name).trim();
    const axis = {
      stroke: color('--app-muted'),
      grid: { stroke: color('--chart-grid'), width: 1 },
      ticks: { show: false },
      font: '10px system-ui',
    };
    const size = () => ({ width: Math.max(80, area.clientWidth), height: Math.max(80, area.clientHeight) });
    const plot = new uPlot(
      {
        ...size(),
        cursor: { show: false },
        legend: { show: false },
        padding: [8, 18, 0, 0],
        scales: {
          x: { time: false, range: (_plot, _min, max) => [0, max > 0 ? max * 1.06 : 1] },
          y: { range: (_plot, _min, max) => [0, max > 0 ? max * 1.1 : 1] },
        },
        axes: [
          {
            ...axis,
            size: 34,
            label: xLabel,
            labelSize: 14,
            labelFont: '10px system-ui',
            values: (_, ticks) => ticks.map(formatX),
          },
          { ...axis, size: 56, space: 26, values: (_, ticks) => ticks.map(formatY) },
        ],
        series: [
          {},
          ...lines.map(({ label, color: name, draw, dashed }) => ({
            label,
            stroke: color(name),
            width: draw === 'points' ? 0 : 1.8,
            dash: dashed ? [5, 4] : undefined,
            spanGaps: true,
            points: { show: draw !== 'line', size: 6, fill: color(name), stroke: color(name) },
            paths: draw === 'points' ? () => null : undefined,
          })),
        ],
        hooks: {
          drawClear: [
            (drawn) => {
              if (mark) drawMark(drawn, mark, { band: color('--chart-fault'), line: color('--state-degraded') });
            },
          ],
        },
      },
      [[...x], ...lines.map(({ values }) => [...values])],
      area,
    );
    const observer = new ResizeObserver(() => plot.setSize(size()));
    observer.observe(area);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [JSON.stringify([x, lines, mark]), xLabel, scheme]);

  return (
    <figure
      className={classes.plot}
      role="img"
      aria-label={t('{{name}}: {{value}}', { name: title, value: description })}
    >
      <figcaption>
        <b>{title}</b>
        {lines.map(({ label, color }) => (
          <span key={label}>
            <i style={{ background: `var(${color})` }} /> {label}
          </span>
        ))}
      </figcaption>
      <div ref={element} />
    </figure>
  );
}

function drawMark(
  { ctx, bbox, valToPos }: uPlot,
  { from, to, at }: NonNullable<Props['mark']>,
  colors: { band: string; line: string },
): void {
  const place = (value: number): number => valToPos(value, 'x', true);
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.fillStyle = colors.band;
  ctx.fillRect(place(from), bbox.top, Math.max(1, place(to) - place(from)), bbox.height);
  if (at !== undefined) {
    ctx.fillStyle = colors.line;
    ctx.fillRect(place(at) - 1, bbox.top, 2, bbox.height);
  }
  ctx.restore();
}
