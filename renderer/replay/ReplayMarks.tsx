import { useT } from '../i18n/t.ts';
import type { ReplayMark } from '../stores/replay.ts';
import { formatSeconds } from '../ui/format.ts';
import classes from './replay.module.css';

const signs: Record<ReplayMark['type'], string> = { fault: '⚡', scale: '▲', deploy: '⬢', death: '✕' };

/** What happened, over the scrub bar: bands for what lasted, a sign of its own for each kind. */
export function ReplayMarks(props: { marks: readonly ReplayMark[]; fromMs: number; toMs: number }) {
  const t = useT();
  const lengthMs = Math.max(1, props.toMs - props.fromMs);
  const at = (ms: number): number => Math.min(100, Math.max(0, ((ms - props.fromMs) / lengthMs) * 100));
  return (
    <ol className={classes.marks} aria-label={t('What happened')}>
      {props.marks.map(({ type, label, fromMs, toMs }) => (
        <li
          key={`${type} ${label} ${fromMs}`}
          className={classes.mark}
          data-type={type}
          style={{ left: `${at(fromMs)}%`, width: `${at(toMs) - at(fromMs)}%` }}
          title={t('{{label}}, at +{{time}}', { label, time: formatSeconds(fromMs - props.fromMs) })}
        >
          <span aria-hidden>{signs[type]}</span>
          <span className={classes.hidden}>
            {t('{{label}}, at {{time}}', { label, time: formatSeconds(fromMs - props.fromMs) })}
          </span>
        </li>
      ))}
    </ol>
  );
}
