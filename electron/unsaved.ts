import { type BrowserWindow, dialog } from 'electron';
import { receive } from './ipc.ts';
import { inWords } from './words.ts';

/** A save that was asked for at the end and has not happened after this time will not; the window then stays open. */
const SAVE_DEADLINE_MS = 60_000;

/** Asks before a window with unsaved changes closes. */
export function setupUnsavedQuestion(window: BrowserWindow): void {
  let dirty = false;
  let asking = false;
  let closesOnceSaved: NodeJS.Timeout | null = null;

  const close = (): void => {
    dirty = false;
    window.close();
  };

  receive('dirty', (value) => {
    dirty = value === true;
    window.setDocumentEdited(dirty);
    if (!closesOnceSaved) return;
    clearTimeout(closesOnceSaved);
    closesOnceSaved = null;
    if (!dirty) close();
  });

  window.on('close', (event) => {
    if (!dirty) return;
    event.preventDefault();
    if (asking) return;
    asking = true;
    void ask(window).then((choice) => {
      asking = false;
      if (choice === 'discard') close();
      if (choice !== 'save') return;
      closesOnceSaved = setTimeout(() => {
        closesOnceSaved = null;
      }, SAVE_DEADLINE_MS);
      window.webContents.send('menu', 'save');
    });
  });
}

async function ask(window: BrowserWindow): Promise<'save' | 'discard' | 'cancel'> {
  const choices = ['save', 'discard', 'cancel'] as const;
  const { response } = await dialog.showMessageBox(window, {
    type: 'warning',
    message: inWords('Save the changes to this document?'),
    detail: inWords('They are lost if you close without saving.'),
    buttons: [inWords('Save'), inWords('Discard changes'), inWords('Cancel')],
    defaultId: 0,
    cancelId: 2,
  });
  return choices[response] ?? 'cancel';
}
