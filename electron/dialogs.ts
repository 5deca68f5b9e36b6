import { extname } from 'node:path';
import { app, type BrowserWindow, dialog } from 'electron';
import { answer } from './ipc.ts';
import { inWords } from './words.ts';

const EXTENSION = '.archipel.json';

// macOS compares only what follows the last dot.
const filters = () => [
  { name: inWords('Archipel document'), extensions: [process.platform === 'darwin' ? 'json' : EXTENSION.slice(1)] },
  { name: inWords('All files'), extensions: ['*'] },
];

const toOpen = () => [
  {
    name: inWords('Archipel document or comparison'),
    extensions: process.platform === 'darwin' ? ['json'] : [EXTENSION.slice(1), 'comparison.json'],
  },
  { name: inWords('All files'), extensions: ['*'] },
];

/** Dialogs that choose a path. The engine reads and writes the files. */
export function setupDialogs(window: BrowserWindow): void {
  answer('open-dialog', async () => {
    const { filePaths } = await dialog.showOpenDialog(window, { filters: toOpen(), properties: ['openFile'] });
    const path = filePaths[0] ?? null;
    if (path) app.addRecentDocument(path);
    return path;
  });

  answer('save-dialog', async (suggestedName) => {
    const defaultPath = typeof suggestedName === 'string' ? suggestedName : `untitled${EXTENSION}`;
    const { filePath } = await dialog.showSaveDialog(window, { defaultPath, filters: filters() });
    if (!filePath) return null;
    const path = filePath.endsWith('.json') ? filePath : `${filePath}${EXTENSION}`;
    app.addRecentDocument(path);
    return path;
  });

  /** A file that is no document: a report, an experiment. Its endings are those of the suggested name. */
  answer('save-file-dialog', async (suggestedName) => {
    if (typeof suggestedName !== 'string') return null;
    const last = extname(suggestedName);
    const { filePath } = await dialog.showSaveDialog(window, {
      defaultPath: suggestedName,
      filters: [
        { name: last.slice(1).toUpperCase(), extensions: [last.slice(1)] },
        { name: inWords('All files'), extensions: ['*'] },
      ],
    });
    if (!filePath) return null;
    return extname(filePath) === '' ? `${filePath}${suggestedName.slice(suggestedName.indexOf('.'))}` : filePath;
  });
}
