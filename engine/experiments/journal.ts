import type { ExperimentResult } from '../api/types.ts';

export interface Journal {
  write(event: string): void;
  entries(): ExperimentResult['journal'];
}

/** What happened when, in the order in which it happened. `onWrite` hears of each entry at once. */
export function createJournal(
  now: () => number,
  onWrite: (entry: ExperimentResult['journal'][number]) => void = () => {},
): Journal {
  const entries: ExperimentResult['journal'] = [];
  return {
    write(event) {
      const entry = { atMs: now(), event };
      entries.push(entry);
      onWrite(entry);
    },
    entries: () => [...entries],
  };
}
