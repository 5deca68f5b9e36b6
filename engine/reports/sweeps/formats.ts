import { sweepCsv } from './csv.ts';
import { sweepJunit } from './junit.ts';
import { sweepMarkdown } from './markdown.ts';
import { sweepPage } from './page.ts';
import type { SweepReport } from './sweep-report.ts';

/** How each format of a sweep is made. There is no picture of all of it: SVG and PNG are of runs. */
const formats = {
  html: (report: SweepReport) => sweepPage(report).text,
  md: sweepMarkdown,
  json: (report: SweepReport) => `${JSON.stringify({ archipelSweepReport: 1, ...report }, null, 2)}\n`,
  csv: sweepCsv,
  junit: sweepJunit,
};

export type SweepReportFormat = keyof typeof formats;

export const sweepReportFormats = Object.keys(formats) as SweepReportFormat[];

export const renderSweepReport = (report: SweepReport, format: SweepReportFormat): string => formats[format](report);
