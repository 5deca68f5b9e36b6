import { IconAlertTriangle } from '@tabler/icons-react';
import { useRef } from 'react';
import { useDisplay } from '../display/display.ts';
import { useFigures, writeText } from '../display/use-shown.ts';
import { type Key, key, useT } from '../i18n/t.ts';
import { type Load, loadTitles } from '../metrics/load.ts';
import { percent } from '../ui/format.ts';
import classes from './NodeCard.module.css';
import { readingOf } from './readings.ts';

const shortNames: Partial<Record<Load['by'], Key>> = { connections: key('conn.'), 'event loop': key('loop') };

/** How much of a node is used up, and of what; marked before it has to refuse the first request. */
export function SaturationBar({ id }: { id: string }) {
  const t = useT();
  const level = useDisplay(() => readingOf(id)?.level ?? 'calm');
  const [fill, by] = [useRef<HTMLSpanElement>(null), useRef<HTMLElement>(null)];
  const text = useFigures<HTMLElement>((element) => {
    const reading = readingOf(id);
    const share = Math.min(1, reading?.share ?? 0);
    writeText(element, reading ? percent(Math.round(share * 100)) : '–');
    if (by.current) writeText(by.current, reading ? t(shortNames[reading.by] ?? loadTitles[reading.by]) : '');
    if (fill.current) fill.current.style.transform = `scaleX(${share.toFixed(3)})`;
  });
  return (
    <div
      className={classes.saturation}
      data-saturation={level}
      title={t(
        'Used share of what limits it: slots, queue, CPU or connections. Smoothed; marked before requests are refused.',
      )}
    >
      <b>
        {(level === 'warning' || level === 'full') && (
          <IconAlertTriangle size={11} aria-label={t('Nearly saturated')} />
        )}
        <span ref={text} data-metric="saturation" />
      </b>
      <i ref={by} data-metric="saturated-by" />
      <span className={classes.gauge}>
        <span ref={fill} />
      </span>
    </div>
  );
}
