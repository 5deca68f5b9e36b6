import { app, type BrowserWindow, dialog } from 'electron';
import { answer } from './ipc.ts';

const EXTENSION = '.archipel.json';

// macOS compares only what follows the last dot.
const filters = [
  { name: 'Archipel document', extensions: [process.platform === 'darwin' ? 'json' : EXTENSION.slice(1)] },
  { name: 'All files', extensions: ['*'] },
];

/** Dialogs that choose a path. The engine reads and writes the files. */
export function setupDialogs(window: BrowserWindow): void {
  answer('open-dialog', async () => {
    const { filePaths } = await dialog.showOpenDialog(window, { filters, properties: ['openFile'] });
    const path = filePaths[0] ?? null;
    if (path) app.addRecentDocument(path);
    return path;
  });

  answer('save-dialog', async (suggestedName) => {
    const defaultPath = typeof suggestedName === 'string' ? suggestedName : `untitled${EXTENSION}`;
    const { filePath } = await dialog.showSaveDialog(window, { defaultPath, filters });
    if (!filePath) return null;
    const path = filePath.endsWith('.json') ? filePath : `${filePath}${EXTENSION}`;
    app.addRecentDocument(path);
    return path;
  });
}
