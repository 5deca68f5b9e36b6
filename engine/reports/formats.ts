import { reportCsv } from './csv.ts';
import { reportPage } from './html/report-page.ts';
import { reportJson } from './json.ts';
import { reportJunit } from './junit.ts';
import { reportMarkdown } from './markdown.ts';
import type { Report } from './report.ts';
import type { ReportFormat } from './report-format.ts';
import { topologySvg } from './svg.ts';

/** How each format is made. Adding one is one file, its name in the list, and one line here. */
const formats: Record<
  ReportFormat,
  { extension: string; mediaType: string; render(report: Report): Promise<string | Uint8Array> }
> = {
  html: { extension: 'html', mediaType: 'text/html', render: async (report: Report) => reportPage(report).text },
  md: { extension: 'md', mediaType: 'text/markdown', render: async (report: Report) => reportMarkdown(report) },
  json: { extension: 'json', mediaType: 'application/json', render: async (report: Report) => reportJson(report) },
  csv: { extension: 'csv', mediaType: 'text/csv', render: async (report: Report) => reportCsv(report) },
  junit: { extension: 'xml', mediaType: 'application/xml', render: async (report: Report) => reportJunit(report) },
  svg: { extension: 'svg', mediaType: 'image/svg+xml', render: async (report: Report) => topologySvg(report).text },
  // Loaded when it is asked for: it brings an engine of its own that draws.
  png: {
    extension: 'png',
    mediaType: 'image/png',
    render: async (report: Report) => (await import('./png.ts')).reportPng(report),
  },
};

export interface RenderedReport {
  /** A name for the file. */
  fileName: string;
  mediaType: string;
  content: string | Uint8Array;
}

export async function renderReport(report: Report, format: ReportFormat): Promise<RenderedReport> {
  const { extension, mediaType, render } = formats[format];
  const name =
    report.result.record ?? new Date(report.result.startedAtMs).toISOString().slice(0, 19).replace(/:/g, '-');
  return {
    fileName: `archipel-${name.replace(/[^\w-]/g, '-')}.${extension}`,
    mediaType,
    content: await render(report),
  };
}
