import { extname, join } from 'node:path';
import type { Command } from 'commander';
import { reportOf } from '../api/record-report.ts';
import type { ExperimentResult, RunResult, SweepResult } from '../api/types.ts';
import type { ArchipelDocument } from '../model/document.ts';
import { ArchipelError } from '../model/error.ts';
import { recordsDirectory } from '../records/folder.ts';
import { renderReport } from '../reports/formats.ts';
import type { Report } from '../reports/report.ts';
import { type ReportFormat, reportFormats } from '../reports/report-format.ts';
import { renderSweepReport, sweepReportFormats } from '../reports/sweeps/formats.ts';
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

/** The same for a sweep, repetitions or a comparison. */
export interface SweepReportOutputs {
  write(result: SweepResult, documents: readonly ArchipelDocument[]): Promise<void>;
}

export async function openSweepReportOutputs(options: ReportOptions, terminal: Terminal): Promise<SweepReportOutputs> {
  const outputs = await Promise.all(
    asked(options).map(async ({ destination, option, format }) => {
      const found = sweepReportFormats.find((known) => known === format);
      if (!found)
        throw new ArchipelError(
          'not-found',
          `"${destination}" is a picture of one run, and this is a report of several.`,
          'End it with .html, .md, .json, .csv or .xml (JUnit).',
        );
      return { format: found, file: await openTextFile(destination, option) };
    }),
  );
  return {
    async write(result, documents) {
      for (const { format, file } of outputs) {
        await file.write(renderSweepReport({ result, documents }, format));
        terminal.line(terminal.style('dim', `  wrote ${file.file}`));
      }
    },
  };
}

/** What `--report` and `--junit` write, when there is a result. */
export interface ReportOutputs {
  write(result: RunResult | ExperimentResult, document: ArchipelDocument, durationMs: number | null): Promise<void>;
}

/** Checks places and endings before the work, so that no run is lost for a mistyped path. */
export async function openReportOutputs(options: ReportOptions, terminal: Terminal): Promise<ReportOutputs> {
  const outputs = await Promise.all(
    asked(options).map(async ({ destination, option, format }) => ({
      format,
      file: await openTextFile(destination, option),
    })),
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

const asked = ({ report, junit }: ReportOptions): { destination: string; option: string; format: ReportFormat }[] => [
  ...(report === undefined ? [] : [{ destination: report, option: '--report', format: formatOf(report) }]),
  ...(junit === undefined ? [] : [{ destination: junit, option: '--junit', format: 'junit' as const }]),
];

/** With the series of its record; without one, what the result alone tells. */
async function recorded(
  result: RunResult | ExperimentResult,
  document: ArchipelDocument,
  durationMs: number | null,
): Promise<Report> {
  const bare: Report = { result, document, durationMs, sha256: null, series: [], events: [], log: [] };
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
