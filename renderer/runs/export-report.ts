import { engine } from '../engine-client/client.ts';
import { desktop } from '../engine-client/desktop.ts';

/** In the order of the menu. */
export const exportFormats = [
  { format: 'html', title: 'Page (HTML)', ending: 'html' },
  { format: 'md', title: 'Markdown', ending: 'md' },
  { format: 'json', title: 'JSON', ending: 'json' },
  { format: 'csv', title: 'Time series and routes (CSV)', ending: 'csv' },
  { format: 'junit', title: 'Test results (JUnit XML)', ending: 'xml' },
  { format: 'svg', title: 'Topology (SVG)', ending: 'svg' },
  { format: 'png', title: 'Topology (PNG)', ending: 'png' },
] as const;

export type ExportFormat = (typeof exportFormats)[number];

/** A page that is being shown or saved still needs its address for a while. */
const ADDRESS_LIVES_MS = 60_000;

/** Saves a report where the person chooses: by the desktop's dialog, or as a download. Null where nothing was chosen. */
export async function exportReport(id: string, { format, ending }: ExportFormat): Promise<string | null> {
  if (desktop) {
    const path = await desktop.saveReportDialog(`archipel-${id}.${ending}`);
    if (path !== null) await engine.records.saveReport.mutate({ id, format, path });
    return path;
  }
  const { fileName, url } = await reportAddress(id, format);
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  return fileName;
}

/** Shows the page of a run in a browser: that of the system, or another tab. */
export async function openReport(id: string): Promise<void> {
  if (desktop) {
    const problem = await desktop.openReport(await engine.records.writePage.mutate({ id }));
    if (problem !== null) throw new Error(problem);
    return;
  }
  const { url } = await reportAddress(id, 'html');
  window.open(url, '_blank', 'noopener');
}

async function reportAddress(id: string, format: ExportFormat['format']): Promise<{ fileName: string; url: string }> {
  const { fileName, mediaType, content, encoding } = await engine.records.report.query({ id, format });
  const bytes =
    encoding === 'base64' ? Uint8Array.from(atob(content), (sign) => sign.codePointAt(0) as number) : content;
  const url = URL.createObjectURL(new Blob([bytes], { type: `${mediaType};charset=utf-8` }));
  setTimeout(() => URL.revokeObjectURL(url), ADDRESS_LIVES_MS);
  return { fileName, url };
}
