import { useEffect, useState } from 'react';
import type { TraceSpan } from '../../engine/api/types.ts';
import { engine } from '../engine-client/client.ts';

const INTERVAL_MS = 400;
/** Spans come with the frames of their processes; later than this there are no more. */
const TRIES = 8;

/** The spans of a request that was just sent, as they come. */
export function useOwnTrace(traceId: string | null): readonly TraceSpan[] {
  const [found, setFound] = useState<{ traceId: string | null; spans: readonly TraceSpan[] }>({
    traceId: null,
    spans: [],
  });
  useEffect(() => {
    if (traceId === null) return;
    let tries = 0;
    const ask = (): void => {
      tries += 1;
      if (tries >= TRIES) clearInterval(timer);
      engine.traces.get
        .query({ traceId })
        .then((spans) =>
          setFound((before) =>
            before.traceId === traceId && before.spans.length === spans.length ? before : { traceId, spans },
          ),
        )
        .catch(() => undefined);
    };
    const timer = setInterval(ask, INTERVAL_MS);
    ask();
    return () => clearInterval(timer);
  }, [traceId]);
  return found.traceId === traceId ? found.spans : [];
}
