import { useCallback, useEffect, useState } from 'react';
import type { RecordSummary } from '../../engine/records/record.ts';
import { engine } from '../engine-client/client.ts';
import { type ShownError, shownError } from '../engine-client/errors.ts';
import { useRun } from '../stores/run.ts';

interface Records {
  records: readonly RecordSummary[] | null;
  error: ShownError | null;
  refresh(): void;
}

/** What earlier runs have left; looked for again whenever a run ends here. */
export function useRecords(): Records {
  const [state, setState] = useState<Pick<Records, 'records' | 'error'>>({ records: null, error: null });
  const ended = useRun(({ frame }) => frame?.traffic?.state === 'done' || frame?.topology === 'stopped');
  // Its record is whole only when its result is there.
  const lastRun = useRun((state) => state.lastRun);
  const lastExperiment = useRun((state) => state.lastExperiment);
  const refresh = useCallback(() => {
    engine.records.list
      .query()
      .then((records) => setState({ records, error: null }))
      .catch((error: unknown) => setState(({ records }) => ({ records, error: shownError(error) })));
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a run that ended is the reason to look again
  useEffect(refresh, [refresh, ended, lastRun, lastExperiment]);
  return { ...state, refresh };
}
