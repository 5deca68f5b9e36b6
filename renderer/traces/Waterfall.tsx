import { IconX } from '@tabler/icons-react';
import { Fragment, useState } from 'react';
import type { TraceSpan } from '../../engine/api/types.ts';
import { said } from '../i18n/said.ts';
import { useT } from '../i18n/t.ts';
import { formatMs } from '../ui/format.ts';
import classes from './TracesPanel.module.css';
import { barsOf, labelOf } from './waterfall.ts';

/** Where the time of a request went: a bar for each span, below the one that it was done for. */
export function Waterfall({ spans }: { spans: readonly TraceSpan[] }) {
  const t = useT();
  const [open, setOpen] = useState<string | null>(null);
  return (
    <div className={classes.waterfall} data-testid="waterfall">
      {barsOf(spans).map(({ span, depth, detached, from, width }) => (
        <Fragment key={span.spanId}>
          <button
            type="button"
            className={classes.span}
            aria-expanded={open === span.spanId}
            data-error={span.error !== null}
            onClick={() => setOpen(open === span.spanId ? null : span.spanId)}
          >
            <span className={classes.label} style={{ paddingLeft: depth * 12 }}>
              {span.error !== null && (
                <IconX
                  size={12}
                  color="var(--chart-failed)"
                  aria-label={t('failed: {{error}}', { error: said(span.error) })}
                />
              )}
              <b>
                {span.nodeId}
                {span.replica > 0 && `#${span.replica}`}
              </b>{' '}
              {labelOf(span)}
              {detached && <i> {t('(called from outside, or its caller was not kept)')}</i>}
            </span>
            <span className={classes.track}>
              <span
                className={classes.bar}
                data-kind={span.kind}
                style={{ left: `${from * 100}%`, width: `max(2px, ${width * 100}%)` }}
              />
            </span>
            <span className={classes.duration}>{formatMs(span.durationMs)}</span>
          </button>
          {open === span.spanId && <Attributes span={span} />}
        </Fragment>
      ))}
    </div>
  );
}

const Attributes = ({ span }: { span: TraceSpan }) => (
  <dl className={classes.attributes}>
    {Object.entries({ 'span.kind': span.kind, 'process.pid': span.pid, ...span.attributes }).map(([name, value]) => (
      <div key={name}>
        <dt>{name}</dt>
        <dd>{String(value)}</dd>
      </div>
    ))}
  </dl>
);
