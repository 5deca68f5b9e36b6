import { IconCheck, IconRefreshAlert, IconX } from '@tabler/icons-react';
import type { TraceSummary } from '../../engine/api/types.ts';
import { useT } from '../i18n/t.ts';
import { formatClock, formatMs } from '../ui/format.ts';
import { reasonAt } from './reason-text.ts';
import classes from './TracesPanel.module.css';

/** The traces, the newest first. */
export function TraceRows({
  traces,
  chosen,
  onChoose,
}: {
  traces: readonly TraceSummary[];
  chosen: string | null;
  onChoose: (traceId: string) => void;
}) {
  useT();
  return (
    <ul className={classes.rows} data-testid="traces">
      {traces.map((trace) => (
        <li key={trace.traceId}>
          <button
            type="button"
            className={classes.row}
            aria-pressed={trace.traceId === chosen}
            data-failed={trace.failed}
            onClick={() => onChoose(trace.traceId)}
          >
            <Outcome trace={trace} />
            <time>{formatClock(trace.startedAtMs)}</time>
            <b>{trace.name}</b>
            <span className={classes.why}>{trace.reason && reasonAt(trace.reason, trace.hop)}</span>
            <span>{formatMs(trace.durationMs)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function Outcome({ trace: { failed, errors } }: { trace: TraceSummary }) {
  const t = useT();
  if (failed) return <IconX size={14} color="var(--chart-failed)" aria-label={t('failed')} />;
  if (errors > 0)
    return (
      <IconRefreshAlert
        size={14}
        color="var(--mantine-color-orange-6)"
        aria-label={t('went well after a failed attempt')}
      />
    );
  return <IconCheck size={14} color="var(--chart-ok)" aria-label={t('ok')} />;
}
