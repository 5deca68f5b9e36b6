import { IconAlertTriangle } from '@tabler/icons-react';
import { useRef } from 'react';
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
  const [text, fill] = [useRef<HTMLSpanElement>(null), useRef<HTMLSpanElement>(null)];
  const by = useRef<HTMLElement>(null);
  const bar = useFigures<HTMLDivElement>((element) => {
    const reading = readingOf(id);
    const level = reading?.level ?? 'calm';
    // Not by React: among hundreds of cards one is at another level in each picture.
    if (element.dataset.saturation !== level) element.dataset.saturation = level;
    const share = Math.min(1, reading?.share ?? 0);
    if (text.current) writeText(text.current, reading ? percent(Math.round(share * 100)) : '–');
    if (by.current) writeText(by.current, reading ? t(shortNames[reading.by] ?? loadTitles[reading.by]) : '');
    if (fill.current) fill.current.style.backgroundSize = `${(share * 100).toFixed(1)}% 100%`;
  });
  return (
    <div
      ref={bar}
      className={classes.saturation}
      data-saturation="calm"
      title={t(
        'Used share of what limits it: slots, queue, CPU or connections. Smoothed; marked before requests are refused.',
      )}
    >
      <b>
        <IconAlertTriangle className={classes.warning} size={11} aria-label={t('Nearly saturated')} />
        <span ref={text} data-metric="saturation" />
      </b>
      <i ref={by} data-metric="saturated-by" />
      <span ref={fill} className={classes.gauge} />
    </div>
  );
}
