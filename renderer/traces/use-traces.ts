import { useEffect, useState } from 'react';
import type { TraceFilter, TraceList, TraceSpan } from '../../engine/api/types.ts';
import { engine, useConnection } from '../engine-client/client.ts';

const INTERVAL_MS = 1000;

/** The traces that the filter lets through, asked for anew each second while somebody looks. */
export function useTraces(filter: TraceFilter): { list: TraceList | null; refresh: () => void } {
  const [list, setList] = useState<TraceList | null>(null);
  const [asked, setAsked] = useState(0);
  const online = useConnection(({ state }) => state === 'online');
  const { failed, name, reason, hop, minDurationMs } = filter;
  // biome-ignore lint/correctness/useExhaustiveDependencies: asking again is what `asked` is for
  useEffect(() => {
    if (!online) return;
    let current = true;
    const ask = () =>
      engine.traces.list
        .query({ failed, name, reason, hop, minDurationMs })
        .then((next) => current && setList(next))
        .catch(() => undefined);
    void ask();
    const timer = setInterval(ask, INTERVAL_MS);
    return () => {
      current = false;
      clearInterval(timer);
    };
  }, [online, failed, name, reason, hop, minDurationMs, asked]);
  return { list, refresh: () => setAsked((count) => count + 1) };
}

/** The spans of a trace; asked for again when more of them have come. Null: not kept any more. */
export function useTrace(traceId: string | null, spans: number): readonly TraceSpan[] | null {
  const [found, setFound] = useState<readonly TraceSpan[] | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: their number says that there are more
  useEffect(() => {
    if (traceId === null) return setFound(null);
    let current = true;
    engine.traces.get
      .query({ traceId })
      .then((next) => current && setFound(next))
      .catch(() => current && setFound(null));
    return () => {
      current = false;
    };
  }, [traceId, spans]);
  return found;
}
