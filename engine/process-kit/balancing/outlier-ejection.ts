import type { OutlierEjection } from '../../model/balancing.ts';
import type { Outcome } from './outcome.ts';

interface Record {
  /** Failed requests in a row. */
  failedInARow: number;
  /** How often it was ejected, less what was forgiven. */
  ejections: number;
  ejectedUntilMs: number;
  /** Of the interval. */
  answered: number;
  failed: number;
}

/**
 * Outlier ejection in the manner of Envoy: a replica whose requests fail so many times in a row, or whose success rate lies
 * far below the others', gets nothing for a while that grows with each ejection.
 * https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/outlier
 */
export interface OutlierEjections<Id> {
  record(id: Id, outcome: Outcome): void;
  isEjected(id: Id): boolean;
  /** Ejections so far. */
  total(): number;
  forget(id: Id): void;
}

export function createOutlierEjections<Id>(
  settings: OutlierEjection,
  options: { now(): number; members(): readonly Id[] },
): OutlierEjections<Id> {
  const { now } = options;
  const records = new Map<Id, Record>();
  let total = 0;
  let intervalEndsMs = now() + settings.intervalMs;

  const isOut = (record: Record | undefined, nowMs: number): boolean =>
    record !== undefined && nowMs < record.ejectedUntilMs;

  const eject = (record: Record, nowMs: number): void => {
    const members = options.members();
    const out = members.filter((id) => isOut(records.get(id), nowMs)).length;
    if (out > 0 && (100 * (out + 1)) / members.length > settings.maxEjectionPercent) return;
    // It has been in since its last ejection ended, and is forgiven one for each whole interval of that.
    const goodIntervals = Math.floor((nowMs - record.ejectedUntilMs) / settings.intervalMs);
    record.ejections = Math.max(0, record.ejections - goodIntervals) + 1;
    record.ejectedUntilMs = nowMs + Math.min(settings.baseEjectionMs * record.ejections, settings.maxEjectionMs);
    record.failedInARow = 0;
    total += 1;
  };

  /** At the end of an interval: whose success rate lies far below the mean. */
  const compare = (nowMs: number): void => {
    const { successRate } = settings;
    const judged = options
      .members()
      .map((id) => records.get(id))
      .filter((record) => record !== undefined && record.answered >= (successRate?.minRequests ?? 0)) as Record[];
    if (successRate && judged.length >= successRate.minReplicas) {
      const rates = judged.map(({ answered, failed }) => 1 - failed / answered);
      const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
      const variance = rates.reduce((sum, rate) => sum + (rate - mean) ** 2, 0) / rates.length;
      const threshold = mean - successRate.stdevFactor * Math.sqrt(variance);
      judged.forEach((record, index) => {
        if ((rates[index] as number) < threshold && !isOut(record, nowMs)) eject(record, nowMs);
      });
    }
    for (const record of records.values()) {
      record.answered = 0;
      record.failed = 0;
    }
    intervalEndsMs = nowMs + settings.intervalMs;
  };

  return {
    record(id, outcome) {
      const nowMs = now();
      if (nowMs >= intervalEndsMs) compare(nowMs);
      if (outcome === 'unknown') return;
      const record = records.get(id) ?? { failedInARow: 0, ejections: 0, ejectedUntilMs: 0, answered: 0, failed: 0 };
      records.set(id, record);
      record.answered += 1;
      if (outcome === 'ok') {
        record.failedInARow = 0;
        return;
      }
      record.failed += 1;
      record.failedInARow += 1;
      // What was in flight when it was ejected tells nothing new.
      if (record.failedInARow >= settings.consecutiveFailures && !isOut(record, nowMs)) eject(record, nowMs);
    },
    isEjected: (id) => isOut(records.get(id), now()),
    total: () => total,
    forget: (id) => void records.delete(id),
  };
}
