import { Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { TraceSpan } from '../../engine/api/types.ts';
import { engine } from '../engine-client/client.ts';
import { useT } from '../i18n/t.ts';
import { useReplay } from '../stores/replay.ts';
import { RecordedTraces } from '../traces/RecordedTraces.tsx';

/** The traces that the record kept of requests that had begun by now, the newest first. */
export function ReplayTraces() {
  const t = useT();
  const id = useReplay(({ replay }) => replay?.id ?? null);
  const untilMs = useReplay(({ atMs }) => Math.floor(atMs / 1000) * 1000 + 1000);
  const [traces, setTraces] = useState<readonly TraceSpan[][] | null>(null);
  useEffect(() => {
    let current = true;
    if (id !== null)
      engine.records.traces
        .query({ id })
        .then((found) => current && setTraces(found))
        .catch(() => current && setTraces([]));
    return () => {
      current = false;
    };
  }, [id]);
  if (traces === null) return <Text size="sm">{t('The traces of the record are being read…')}</Text>;
  const begun = traces.filter(([first]) => first && first.startedAtMs <= untilMs);
  return <RecordedTraces traces={begun.toSorted(([a], [b]) => (b?.startedAtMs ?? 0) - (a?.startedAtMs ?? 0))} />;
}
