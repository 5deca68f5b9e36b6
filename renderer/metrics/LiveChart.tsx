import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useRun } from '../stores/run.ts';
import { useLiveText } from '../stores/use-live.ts';
import { createLivePlot, type LineOptions } from './live-plot.ts';
import { trafficSeries } from './live-series.ts';
import classes from './TrafficPanel.module.css';

interface Props {
  title: string;
  unit: string;
  lines: readonly LineOptions[];
  format(value: number): string;
}

/** A chart of the last minute that follows the frames outside React. */
export function LiveChart({ title, unit, lines, format }: Props) {
  const element = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme('light');

  // biome-ignore lint/correctness/useExhaustiveDependencies: the plot reads its colours from the scheme when it is made
  useEffect(() => {
    if (!element.current) return;
    const plot = createLivePlot(element.current, { lines, format });
    const unsubscribe = useRun.subscribe(plot.update);
    return () => {
      unsubscribe();
      plot.destroy();
    };
  }, [lines, format, scheme]);

  return (
    <figure className={classes.chart} style={{ margin: 0 }} aria-label={title}>
      <figcaption className={classes.chartHead}>
        <b>{title}</b>
        {lines.map((line) => (
          <Legend key={line.label} line={line} unit={unit} format={format} />
        ))}
      </figcaption>
      <div ref={element} className={classes.plot} />
    </figure>
  );
}

function Legend({ line, unit, format }: { line: LineOptions; unit: string; format: (value: number) => string }) {
  const text = useLiveText(() => {
    const newest = trafficSeries.newest(line.column);
    return newest === null ? '–' : `${format(newest)}${unit}`;
  });
  return (
    <span className={classes.legend}>
      <span className={classes.swatch} style={{ background: `var(${line.color})` }} />
      {line.label.replace('/s', '')} <b ref={text} />
    </span>
  );
}
