import { extname } from 'node:path';
import { type BrowserWindow, dialog, shell } from 'electron';
import { answer } from './ipc.ts';

/** A page that the engine wrote into the folder of a record, and no other file of this machine. */
const reportPage = /[\\/]runs[\\/]\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-[0-9a-f]{6}[\\/]report\.html$/;

/** Where a report is saved, and the page of a run in the browser of this system. The engine writes the files. */
export function setupReports(window: BrowserWindow): void {
  answer('save-report-dialog', async (suggestedName) => {
    if (typeof suggestedName !== 'string') return null;
    const ending = extname(suggestedName);
    const { filePath } = await dialog.showSaveDialog(window, {
      defaultPath: suggestedName,
      filters: [
        { name: 'Report', extensions: [ending.slice(1)] },
        { name: 'All files', extensions: ['*'] },
      ],
    });
    if (!filePath) return null;
    return extname(filePath) === '' ? `${filePath}${ending}` : filePath;
  });

  /** Why it cannot be opened, or null. */
  answer('open-report', async (path) => {
    if (typeof path !== 'string' || !reportPage.test(path)) return 'This is no report of a run.';
    return (await shell.openPath(path)) || null;
  });
}
