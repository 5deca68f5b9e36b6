import type { SweepResult, Verdict } from '../../api/types.ts';
import type { ArchipelDocument } from '../../model/document.ts';

/** All that a report of a sweep is made of. */
export interface SweepReport {
  result: SweepResult;
  /** The one that was swept; of a comparison A and B, of a batch all. */
  documents: readonly ArchipelDocument[];
}

const kinds: Record<SweepResult['type'], string> = {
  knee: 'Capacity knee',
  replicas: 'Replica curve',
  'retries-timeout': 'Retries × timeout',
  hysteresis: 'Hysteresis',
  repeat: 'Repetitions',
  batch: 'Batch of experiments',
  ab: 'Comparison of two documents',
};

export const kindOfSweep = ({ type }: Pick<SweepResult, 'type'>): string => kinds[type];

/** What the report is about, in a few words. */
export function sweepTitle({ result }: Pick<SweepReport, 'result'>): string {
  if (result.type === 'ab') return `${result.a.document} and ${result.b.document}`;
  return result.title || `${result.document}: ${result.name}`;
}

/** The verdict on repeated or different experiments, or on what was expected of a comparison that can be concluded from. */
export function verdictOfSweep(result: SweepResult): Verdict | null {
  if (result.type === 'repeat' || result.type === 'batch') return result.state === 'stopped' ? null : result.verdict;
  return result.type === 'ab' && result.state === 'done' ? result.verdict : null;
}

/** What came out, in a word: the verdict where there is one, else how it ended. */
export const outcomeOfSweep = (result: SweepResult): string => verdictOfSweep(result) ?? result.state;
