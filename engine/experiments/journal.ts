import type { ExperimentResult } from '../api/types.ts';

export interface Journal {
  write(event: string): void;
  entries(): ExperimentResult['journal'];
}

/** What happened when, in the order in which it happened. */
export function createJournal(now: () => number): Journal {
  const entries: ExperimentResult['journal'] = [];
  return {
    write: (event) => void entries.push({ atMs: now(), event }),
    entries: () => [...entries],
  };
}
