import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { said } from '../i18n/said.ts';
import { useT } from '../i18n/t.ts';
import { useRun } from '../stores/run.ts';
import { followLive } from './chart-window.ts';
import { liveHistory } from './live-history.ts';
import { createLivePlot, type LineOptions } from './live-plot.ts';
import classes from './TrafficPanel.module.css';

interface Props {
  title: string;
  help?: string;
  lines: readonly LineOptions[];
  format(value: number): string;
}

/** Figures that change more often than that cannot be read. The lines move on with every picture. */
const TELL_MS = 950;

/** A chart that follows the frames outside React. Its legend shows the values under the cursor, or the newest. */
export function LiveChart({ title, help, lines, format }: Props) {
  const t = useT();
  const element = useRef<HTMLDivElement>(null);
  const legend = useRef<HTMLElement>(null);
  const scheme = useComputedColorScheme('light');

  // biome-ignore lint/correctness/useExhaustiveDependencies: the plot reads its colours from the scheme, and its language from `t`, when it is made
  useEffect(() => {
    if (!element.current) return;
    const figures = [...(legend.current?.querySelectorAll('b[data-line]') ?? [])];
    let atCursor: readonly (number | null)[] | null = null;
    const tell = () => {
      for (const [index, figure] of figures.entries()) {
        const value = atCursor ? atCursor[index] : liveHistory.newest(lines[index]?.name ?? '');
        const text = value == null ? '–' : format(value);
        if (figure.textContent !== text) figure.textContent = text;
      }
    };
    const plot = createLivePlot(element.current, {
      lines,
      format,
      onCursor(values) {
        // Each new frame says that the cursor is still elsewhere.
        if (values === null && atCursor === null) return;
        atCursor = values;
        tell();
      },
    });
    let toldAtMs = 0;
    const unsubscribe = useRun.subscribe(() => {
      plot.update();
      if (atCursor || performance.now() - toldAtMs < TELL_MS) return;
      toldAtMs = performance.now();
      tell();
    });
    tell();
    return () => {
      unsubscribe();
      plot.destroy();
    };
  }, [lines, format, scheme, t]);

  return (
    <figure className={classes.chart} aria-label={title}>
      <figcaption ref={legend} className={classes.chartHead} title={help}>
        <b>{title}</b>
        {lines.map((line) => (
          <span key={line.name} className={classes.legend}>
            <svg width="14" height="4" aria-hidden="true">
              <path d="M0 2H14" stroke={`var(${line.color})`} strokeWidth="3" strokeDasharray={line.dash?.join(' ')} />
            </svg>
            {said(line.label)} <b data-line={line.name} />
          </span>
        ))}
      </figcaption>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: zooming back has its own button */}
      <div ref={element} className={classes.plot} onDoubleClick={followLive} />
    </figure>
  );
}
