import type { ExperimentResult, FaultStatus, LogLine, RunResult } from '../api/types.ts';
import type { ArchipelDocument } from '../model/document.ts';
import type { RunEvent, Sample } from '../records/record.ts';

/** All that a report is made of: what ran, what came out of it, and how it went meanwhile. */
export interface Report {
  document: ArchipelDocument;
  /** SHA-256 of the document as it was recorded; null where no record was kept. */
  sha256: string | null;
  result: RunResult | ExperimentResult;
  /** One sample a second. Empty where no record was kept. */
  series: readonly Sample[];
  events: readonly RunEvent[];
  /** What the processes wrote, and what became of them. */
  log: readonly LogLine[];
  /** What was asked for, which may differ from how long it took; null: as the scenario says. */
  durationMs: number | null;
}

export const experimentOf = ({ result }: Pick<Report, 'result'>): ExperimentResult | null =>
  'verdict' in result ? result : null;

/** Faults that were on while it ran, in the order in which they came. Of a plain run, as its samples show them. */
export function faultsIn({ result, series }: Pick<Report, 'result' | 'series'>): readonly FaultStatus[] {
  if ('faults' in result) return result.faults;
  const newest = new Map(series.flatMap(({ faults = [] }) => faults.map((fault) => [fault.id, fault] as const)));
  return [...newest.values()]
    .filter(({ endedAtMs }) => endedAtMs === null || endedAtMs > result.startedAtMs)
    .sort((a, b) => a.startedAtMs - b.startedAtMs);
}

/** What the report is about, in a few words. */
export function titleOf(report: Pick<Report, 'result'>): string {
  const experiment = experimentOf(report);
  return experiment ? experiment.experiment.title : `${report.result.document}: ${report.result.scenario}`;
}

/** What a node is called, where the document has it. */
export const nodeName = ({ document }: Pick<Report, 'document'>, id: string): string =>
  document.nodes.find((node) => node.id === id)?.name ?? id;
