import { Text } from '@mantine/core';
import { useState } from 'react';
import type { TraceFilter } from '../../engine/api/types.ts';
import { formatCount } from '../ui/format.ts';
import { TraceFilters } from './TraceFilters.tsx';
import { TraceRows } from './TraceRows.tsx';
import classes from './TracesPanel.module.css';
import { useTrace, useTraces } from './use-traces.ts';
import { Waterfall } from './Waterfall.tsx';

/** Requests on their way through the nodes: failures first of all, and a sample of the others. */
export function TracesPanel() {
  const [filter, setFilter] = useState<TraceFilter>({});
  const [chosen, choose] = useState<string | null>(null);
  const { list, refresh } = useTraces(filter);
  const summary = list?.traces.find(({ traceId }) => traceId === chosen) ?? null;
  const spans = useTrace(chosen, summary?.spans ?? 0);
  return (
    <div className={classes.panel}>
      <section className={classes.list} aria-label="Traces">
        <TraceFilters filter={filter} list={list} onChange={setFilter} onConfigured={refresh} />
        <TraceRows traces={list?.traces ?? []} chosen={chosen} onChoose={choose} />
        {list && list.status.droppedSpans > 0 && (
          <Text size="xs" c="dimmed">
            {formatCount(list.status.droppedSpans)} spans were too many and are not shown
          </Text>
        )}
      </section>
      <section className={classes.trace} aria-label="Trace">
        {spans && spans.length > 0 ? (
          <Waterfall spans={spans} />
        ) : (
          <Text size="sm" c="dimmed">
            {list?.traces.length
              ? 'Choose a trace to see where its time went.'
              : 'No traces yet. Run traffic: every failed request leaves one, and a share of the others.'}
          </Text>
        )}
      </section>
    </div>
  );
}
