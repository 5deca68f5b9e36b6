import { Text } from '@mantine/core';
import { useEffect, useMemo, useState } from 'react';
import type { TraceSpan } from '../../engine/api/types.ts';
import { EmptyState } from '../empty/EmptyState.tsx';
import { requestAction, runAction } from '../empty/empty-actions.ts';
import { useT } from '../i18n/t.ts';
import { chooseTrace, useTraceFocus } from '../stores/trace-focus.ts';
import { formatCount } from '../ui/format.ts';
import { litPathOf } from './lit-path.ts';
import { TraceFilters } from './TraceFilters.tsx';
import { TraceRows } from './TraceRows.tsx';
import classes from './TracesPanel.module.css';
import { useTrace, useTraces } from './use-traces.ts';
import { Waterfall } from './Waterfall.tsx';

/** Requests on their way through the nodes: failures first of all, and a sample of the others. */
export function TracesPanel() {
  const t = useT();
  const { filter, chosen, chooseNewest } = useTraceFocus();
  const { list, refresh } = useTraces(filter);
  const traces = list?.traces ?? [];
  const summary = traces.find(({ traceId }) => traceId === chosen) ?? null;
  const spans = useTrace(chosen, summary?.spans ?? 0);
  const newest = chooseNewest ? traces.find((trace) => trace.reason === (filter.reason ?? null)) : undefined;
  useEffect(() => {
    if (newest) chooseTrace(newest.traceId);
  }, [newest]);
  const [message, setMessage] = useState<{ of: string; ends: readonly TraceSpan[] } | null>(null);
  const ends = message !== null && message.of === chosen ? message.ends : null;
  const lit = useMemo(() => (spans ? litPathOf(ends ?? spans) : null), [spans, ends]);
  useEffect(() => {
    useTraceFocus.setState({ lit });
    return () => useTraceFocus.setState({ lit: null });
  }, [lit]);
  return (
    <div className={classes.panel}>
      <section className={classes.list} aria-label={t('Traces')}>
        <TraceFilters
          filter={filter}
          list={list}
          onChange={(next) => useTraceFocus.setState({ filter: next })}
          onConfigured={refresh}
        />
        <TraceRows traces={traces} chosen={chosen} onChoose={(id) => chooseTrace(id === chosen ? null : id)} />
        {list && list.status.droppedSpans > 0 && (
          <Text size="xs" c="dimmed">
            {t('{{number}} spans were too many and are not shown', {
              number: formatCount(list.status.droppedSpans),
            })}
          </Text>
        )}
      </section>
      <section className={classes.trace} aria-label={t('Trace')}>
        {spans && spans.length > 0 ? (
          <Waterfall
            key={chosen}
            spans={spans}
            onMessage={(next) => setMessage(next && chosen !== null ? { of: chosen, ends: next } : null)}
          />
        ) : traces.length > 0 ? (
          <Text size="sm" c="dimmed">
            {t('Choose a trace to see where its time went, and its way on the canvas.')}
          </Text>
        ) : (
          <EmptyState title={t('No traces yet')} actions={[runAction, requestAction]}>
            {t(
              'Every failed request of the traffic leaves one, and a share of the others. A request that you send by hand always does.',
            )}
          </EmptyState>
        )}
      </section>
    </div>
  );
}
