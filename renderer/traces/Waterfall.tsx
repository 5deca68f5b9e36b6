import { IconArrowDown, IconArrowUp, IconInbox, IconSend, IconX } from '@tabler/icons-react';
import { Fragment, type ReactNode, useMemo, useRef, useState } from 'react';
import type { TraceSpan } from '../../engine/api/types.ts';
import { said } from '../i18n/said.ts';
import { useT } from '../i18n/t.ts';
import { formatMs } from '../ui/format.ts';
import { type MessageLink, type MessageLinks, messageLinksOf, messageOf } from './message-links.ts';
import classes from './TracesPanel.module.css';
import { barsOf, labelOf } from './waterfall.ts';

/** Of a message that reached more, the first so many are shown. */
const MOST_RECEIVED = 8;

/**
 * Where the time of a request went: a bar for each span, below the one that it was done for. Of a message that was sent or taken the
 * other ends are a click away. `onMessage` hears of the ends of the message whose span is looked at; null: it is none.
 */
export function Waterfall({
  spans,
  onMessage,
}: {
  spans: readonly TraceSpan[];
  onMessage?: (ends: readonly TraceSpan[] | null) => void;
}) {
  const t = useT();
  const [open, setOpen] = useState<string | null>(null);
  const rows = useRef(new Map<string, HTMLButtonElement>());
  const links = useMemo(() => messageLinksOf(spans), [spans]);
  const show = (span: TraceSpan | null): void => {
    setOpen(span?.spanId ?? null);
    onMessage?.(span && messageOf(span, links));
  };
  const goTo = (span: TraceSpan): void => {
    show(span);
    rows.current.get(span.spanId)?.focus();
  };
  return (
    <div className={classes.waterfall} data-testid="waterfall">
      {barsOf(spans).map(({ span, depth, detached, from, width }) => (
        <Fragment key={span.spanId}>
          <button
            type="button"
            ref={(row) => {
              if (row) rows.current.set(span.spanId, row);
              else rows.current.delete(span.spanId);
            }}
            className={classes.span}
            aria-expanded={open === span.spanId}
            data-error={span.error !== null}
            data-span-kind={span.kind}
            onClick={() => show(open === span.spanId ? null : span)}
          >
            <span className={classes.label} style={{ paddingLeft: depth * 12 }}>
              {span.error !== null && (
                <IconX
                  size={12}
                  color="var(--chart-failed)"
                  aria-label={t('failed: {{error}}', { error: said(span.error) })}
                />
              )}
              {span.kind === 'producer' && <IconSend size={12} aria-label={t('message sent')} />}
              {span.kind === 'consumer' && <IconInbox size={12} aria-label={t('message received')} />}
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
          <OtherEnds links={links.get(span.spanId)} depth={depth} onChoose={goTo} />
          {open === span.spanId && <Attributes span={span} />}
        </Fragment>
      ))}
    </div>
  );
}

const processOf = ({ nodeId, replica }: TraceSpan): string => `${nodeId}${replica > 0 ? `#${replica}` : ''}`;

/** Who sent the message of a span, or who took it: each leads to its span. */
function OtherEnds({
  links,
  depth,
  onChoose,
}: {
  links: MessageLinks | undefined;
  depth: number;
  onChoose: (span: TraceSpan) => void;
}) {
  const t = useT();
  if (!links) return null;
  const { sentBy, receivedBy } = links;
  const more = receivedBy.length - MOST_RECEIVED;
  return (
    <div className={classes.ends} style={{ paddingLeft: depth * 12 + 20 }}>
      {sentBy && (
        <End link={sentBy} onChoose={onChoose}>
          {t('Sent by {{node}}', { node: processOf(sentBy.span) })}
        </End>
      )}
      {receivedBy.slice(0, MOST_RECEIVED).map((link) => (
        <End key={link.span.spanId} link={link} onChoose={onChoose}>
          {t('Received by {{node}}', { node: processOf(link.span) })}
          {Number(link.span.attributes['archipel.attempt'] ?? 1) > 1 &&
            ` ${t('(attempt {{number}})', { number: Number(link.span.attributes['archipel.attempt']) })}`}
        </End>
      ))}
      {more > 0 && <i>{t('and {{number}} more', { number: more })}</i>}
      {!sentBy && receivedBy.length === 0 && <i>{t('Nobody has taken it yet, or what took it was not kept.')}</i>}
    </div>
  );
}

function End({
  link: { span, waitedMs },
  onChoose,
  children,
}: {
  link: MessageLink;
  onChoose: (span: TraceSpan) => void;
  children: ReactNode;
}) {
  const t = useT();
  const Icon = span.kind === 'producer' ? IconArrowUp : IconArrowDown;
  return (
    <button
      type="button"
      className={classes.end}
      title={t('{{time}} on its way and in the broker', { time: formatMs(waitedMs) })}
      onClick={() => onChoose(span)}
    >
      <Icon size={12} aria-hidden />
      {children} · {formatMs(waitedMs)}
    </button>
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
