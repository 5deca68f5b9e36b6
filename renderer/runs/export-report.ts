import { addressOf, handOut } from '../documents/hand-out.ts';
import { engine } from '../engine-client/client.ts';
import { desktop } from '../engine-client/desktop.ts';
import { key } from '../i18n/t.ts';

/** In the order of the menu. */
export const exportFormats = [
  { format: 'html', title: key('Page (HTML)'), ending: 'html' },
  { format: 'md', title: key('Markdown'), ending: 'md' },
  { format: 'json', title: key('JSON'), ending: 'json' },
  { format: 'csv', title: key('Time series and routes (CSV)'), ending: 'csv' },
  { format: 'junit', title: key('Test results (JUnit XML)'), ending: 'xml' },
  { format: 'svg', title: key('Topology (SVG)'), ending: 'svg' },
  { format: 'png', title: key('Topology (PNG)'), ending: 'png' },
] as const;

export type ExportFormat = (typeof exportFormats)[number];

/** Saves a report where the person chooses. Null where nothing was chosen. */
export const exportReport = (id: string, { format, ending }: ExportFormat): Promise<string | null> =>
  handOut({
    fileName: `archipel-${id}.${ending}`,
    file: () => engine.records.report.query({ id, format }),
    save: (path) => engine.records.saveReport.mutate({ id, format, path }),
  });

/** Shows the page of a run in a browser: that of the system, or another tab. */
export async function openReport(id: string): Promise<void> {
  if (desktop) {
    const problem = await desktop.openReport(await engine.records.writePage.mutate({ id }));
    if (problem !== null) throw new Error(problem);
    return;
  }
  window.open(addressOf(await engine.records.report.query({ id, format: 'html' })), '_blank', 'noopener');
}
