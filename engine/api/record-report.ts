import { ArchipelError } from '../model/error.ts';
import { openRecordFolder, readDocumentIn } from '../records/read.ts';
import type { Report } from '../reports/report.ts';

/** What a record holds for a report. */
export async function reportOf(folder: string): Promise<Report> {
  const [{ summary, result, series, events }, document] = await Promise.all([
    openRecordFolder(folder),
    readDocumentIn(folder).catch(() => null),
  ]);
  if (summary.state === 'recording')
    throw new ArchipelError('wrong-state', `The run ${summary.id} is still under way.`, 'Wait until it has ended.');
  if (!result || !document)
    throw new ArchipelError(
      'wrong-state',
      `The run ${summary.id} was cut off before it had a result.`,
      `\`archipel runs show ${summary.id}\` tells what it holds.`,
    );
  return {
    // A record that was moved or renamed goes by the name that it has now.
    result: { ...result, record: summary.id },
    document,
    sha256: summary.manifest?.document.sha256 ?? null,
    series,
    events,
    durationMs: summary.manifest?.durationMs ?? null,
  };
}
