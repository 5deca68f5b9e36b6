import { extname, join } from 'node:path';
import type { Command } from 'commander';
import { reportOf } from '../api/record-report.ts';
import type { ExperimentResult, RunResult } from '../api/types.ts';
import type { ArchipelDocument } from '../model/document.ts';
import { ArchipelError } from '../model/error.ts';
import { recordsDirectory } from '../records/folder.ts';
import { renderReport } from '../reports/formats.ts';
import type { Report } from '../reports/report.ts';
import { type ReportFormat, reportFormats } from '../reports/report-format.ts';
import { openTextFile } from './json-output.ts';
import type { Terminal } from './terminal.ts';

export interface ReportOptions {
  report?: string;
  junit?: string;
}

export const addReportOptions = (command: Command): Command =>
  command
    .option('--report <file>', 'write a report; its ending says as what: .html, .md, .csv, .svg, .png')
    .option('--junit <file>', 'write a JUnit report for continuous integration');

/** What `--report` and `--junit` write, when there is a result. */
export interface ReportOutputs {
  write(result: RunResult | ExperimentResult, document: ArchipelDocument, durationMs: number | null): Promise<void>;
}

/** Checks places and endings before the work, so that no run is lost for a mistyped path. */
export async function openReportOutputs(options: ReportOptions, terminal: Terminal): Promise<ReportOutputs> {
  const asked: { destination: string; option: string; format: ReportFormat }[] = [
    ...(options.report === undefined
      ? []
      : [{ destination: options.report, option: '--report', format: formatOf(options.report) }]),
    ...(options.junit === undefined
      ? []
      : [{ destination: options.junit, option: '--junit', format: 'junit' as const }]),
  ];
  const outputs = await Promise.all(
    asked.map(async ({ destination, option, format }) => ({ format, file: await openTextFile(destination, option) })),
  );
  return {
    async write(result, document, durationMs) {
      if (outputs.length === 0) return;
      const report = await recorded(result, document, durationMs);
      for (const { format, file } of outputs) {
        await file.write((await renderReport(report, format)).content);
        terminal.line(terminal.style('dim', `  wrote ${file.file}`));
      }
    },
  };
}

/** With the series of its record; without one, what the result alone tells. */
async function recorded(
  result: RunResult | ExperimentResult,
  document: ArchipelDocument,
  durationMs: number | null,
): Promise<Report> {
  const bare: Report = { result, document, durationMs, sha256: null, series: [], events: [] };
  if (result.record === null) return bare;
  return reportOf(join(recordsDirectory(), result.record)).catch(() => bare);
}

function formatOf(file: string): ReportFormat {
  const ending = extname(file).slice(1).toLowerCase();
  if (ending === 'htm') return 'html';
  if (ending === 'xml') return 'junit';
  const found = reportFormats.find((format) => format === ending);
  if (found) return found;
  throw new ArchipelError(
    'not-found',
    `"${file}" does not say what kind of report it is to be.`,
    'End it with .html, .md, .json, .csv, .xml (JUnit), .svg or .png.',
  );
}
