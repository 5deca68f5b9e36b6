import { ArchipelError } from '../model/error.ts';
import { openRecordFolder, readDocumentIn, readLogIn } from '../records/read.ts';
import type { Report } from '../reports/report.ts';
import type { ExperimentResult, ProbeResult, RunResult } from './types.ts';

/** What a record holds for a report. */
export async function reportOf(folder: string): Promise<Report> {
  const [{ summary, result, series, events }, document, log] = await Promise.all([
    openRecordFolder(folder),
    readDocumentIn(folder).catch(() => null),
    readLogIn(folder),
  ]);
  if (summary.state === 'recording')
    throw new ArchipelError('wrong-state', `The run ${summary.id} is still under way.`, 'Wait until it has ended.');
  if (!result || !document)
    throw new ArchipelError(
      'wrong-state',
      `The run ${summary.id} was cut off before it had come to anything.`,
      `\`archipel runs show ${summary.id}\` tells what it holds.`,
    );
  return {
    // A record that was moved or renamed goes by the name that it has now.
    result: {
      ...(summary.state === 'interrupted' ? cutOff(complete(result), [...series, ...events]) : complete(result)),
      record: summary.id,
    },
    document,
    sha256: summary.manifest?.document.sha256 ?? null,
    series,
    events,
    log,
    durationMs: summary.manifest?.durationMs ?? null,
  };
}

/** Says that it was cut off, and when. */
function cutOff<Result extends RunResult | ExperimentResult>(
  result: Result,
  told: readonly { atMs: number }[],
): Result {
  const lastAtMs = told.reduce((latest, { atMs }) => Math.max(latest, atMs), result.startedAtMs);
  const durationMs = Math.max(result.durationMs, lastAtMs - result.startedAtMs);
  const note = `This run was cut off after ${(durationMs / 1000).toFixed(1)} s: its engine was gone. What it had written by then follows; figures of the whole are up to 5 s older.`;
  const changed = { ...result, durationMs, warnings: [note, ...result.warnings] };
  return 'verdict' in changed ? { ...changed, reasons: [note, ...(changed as ExperimentResult).reasons] } : changed;
}

/** A record of an earlier version has less to tell of an experiment. */
function complete(result: RunResult | ExperimentResult): RunResult | ExperimentResult {
  if (!('verdict' in result)) return result;
  const nothing = { impact: null, steps: [], rollbacks: [], stoppedBy: null };
  const probes = result.probes.map(
    (probe): ProbeResult => ({
      ...{
        measure: '',
        observed: '',
        wanted: '',
        evidence: { window: probe.window, record: null, counters: {}, looks: [] },
      },
      ...probe,
    }),
  );
  return { ...nothing, ...result, probes };
}
