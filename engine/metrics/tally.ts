import type { TrafficCounts } from '../api/types.ts';
import type { FailureReason } from './failure-reason.ts';

/** Requests counted by what became of them. */
export interface Tally {
  issued: number;
  ok: number;
  dropped: number;
  /** By `reason@hop`. */
  failed: Record<string, number>;
}

export const createTally = (): Tally => ({ issued: 0, ok: 0, dropped: 0, failed: {} });

export function addTally(into: Tally, from: Tally, times: 1 | -1 = 1): Tally {
  into.issued += times * from.issued;
  into.ok += times * from.ok;
  into.dropped += times * from.dropped;
  for (const [key, count] of Object.entries(from.failed)) {
    const sum = (into.failed[key] ?? 0) + times * count;
    if (sum === 0) delete into.failed[key];
    else into.failed[key] = sum;
  }
  return into;
}

export const failedIn = (tally: Tally): number => Object.values(tally.failed).reduce((sum, count) => sum + count, 0);

/** Arrivals that are neither ok nor failed nor dropped. */
export const undecidedIn = (tally: Tally): number => tally.issued - tally.ok - failedIn(tally);

/** Failed requests by reason and hop, the most frequent first. */
export const failuresIn = (tally: Tally): { reason: FailureReason; hop: string; count: number }[] =>
  Object.entries(tally.failed)
    .map(([key, count]) => {
      const at = key.indexOf('@');
      return { reason: key.slice(0, at) as FailureReason, hop: key.slice(at + 1), count };
    })
    .sort((a, b) => b.count - a.count || a.hop.localeCompare(b.hop) || a.reason.localeCompare(b.reason));

export function reasonsIn(tally: Tally): Partial<Record<FailureReason, number>> {
  const reasons: Partial<Record<FailureReason, number>> = {};
  for (const { reason, count } of failuresIn(tally)) reasons[reason] = (reasons[reason] ?? 0) + count;
  return reasons;
}

export const countsOf = (tally: Tally): TrafficCounts => ({
  issued: tally.issued,
  ok: tally.ok,
  failed: failedIn(tally),
  dropped: tally.dropped,
  inFlight: undecidedIn(tally),
  reasons: reasonsIn(tally),
});
