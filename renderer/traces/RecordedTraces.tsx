import { Text } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import { Fragment, useState } from 'react';
import type { TraceSpan } from '../../engine/api/types.ts';
import { said } from '../i18n/said.ts';
import { useT } from '../i18n/t.ts';
import { formatClock, formatMs } from '../ui/format.ts';
import classes from './TracesPanel.module.css';
import { Waterfall } from './Waterfall.tsx';

const SHOWN = 50;

/** Traces that a record kept, each opened to see where its time went. */
export function RecordedTraces({ traces }: { traces: readonly TraceSpan[][] }) {
  const t = useT();
  const [open, setOpen] = useState<string | null>(null);
  if (traces.length === 0)
    return (
      <Text size="xs">
        {t('None was kept: every failed request leaves one while tracing is on, and a share of the others.')}
      </Text>
    );
  return (
    <ul className={classes.rows} aria-label={t('Recorded traces')}>
      {traces.slice(0, SHOWN).map((spans) => {
        const [first] = spans;
        if (!first) return null;
        const { traceId, error, startedAtMs, name, durationMs } = first;
        return (
          <Fragment key={traceId}>
            <li>
              <button
                type="button"
                className={classes.row}
                aria-expanded={open === traceId}
                data-failed={error !== null}
                onClick={() => setOpen(open === traceId ? null : traceId)}
              >
                {error !== null ? (
                  <IconX size={14} color="var(--chart-failed)" aria-label={t('failed')} />
                ) : (
                  <IconCheck size={14} color="var(--chart-ok)" aria-label={t('ok')} />
                )}
                <time>{formatClock(startedAtMs)}</time>
                <b>{name}</b>
                <span className={classes.why}>{said(error ?? '')}</span>
                <span>{formatMs(durationMs)}</span>
              </button>
            </li>
            {open === traceId && <Waterfall spans={spans} />}
          </Fragment>
        );
      })}
      {traces.length > SHOWN && (
        <li>
          <Text size="xs">{t('and {{number}} more', { number: traces.length - SHOWN })}</Text>
        </li>
      )}
    </ul>
  );
}
