import { shell } from 'electron';
import { answer } from './ipc.ts';
import { inWords } from './words.ts';

/** A page that the engine wrote into the folder of a record, and no other file of this machine. */
const reportPage = /[\\/]runs[\\/]\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-[0-9a-f]{6}[\\/]report\.html$/;

/** Opens the page of a run in the browser of this system. The engine writes it. */
export function setupReports(): void {
  /** Why it cannot be opened, or null. */
  answer('open-report', async (path) => {
    if (typeof path !== 'string' || !reportPage.test(path)) return inWords('This is no report of a run.');
    return (await shell.openPath(path)) || null;
  });
}
