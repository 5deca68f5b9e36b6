import { IconAlertTriangle } from '@tabler/icons-react';
import { useRef } from 'react';
import { useDisplay } from '../display/display.ts';
import { useFigures, writeText } from '../display/use-shown.ts';
import classes from './NodeCard.module.css';
import { readingOf } from './readings.ts';

/** How much of a node is used up, and of what; marked before it has to refuse the first request. */
export function SaturationBar({ id }: { id: string }) {
  const level = useDisplay(() => readingOf(id)?.level ?? 'calm');
  const fill = useRef<HTMLSpanElement>(null);
  const text = useFigures<HTMLElement>((element) => {
    const reading = readingOf(id);
    const share = Math.min(1, reading?.share ?? 0);
    writeText(element, reading ? `${Math.round(share * 100)} % ${reading.by}` : '–');
    if (fill.current) fill.current.style.transform = `scaleX(${share.toFixed(3)})`;
  });
  return (
    <div
      className={classes.saturation}
      data-saturation={level}
      title="Used share of what limits it: slots, queue, CPU or connections. Smoothed; marked before requests are refused."
    >
      <span className={classes.gauge}>
        <span ref={fill} />
      </span>
      {(level === 'warning' || level === 'full') && <IconAlertTriangle size={12} aria-label="Nearly saturated" />}
      <b ref={text} data-metric="saturation" />
    </div>
  );
}
