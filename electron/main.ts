import { app } from 'electron';
import { setupDialogs } from './dialogs.ts';
import { setupEngine } from './engine.ts';
import { type OpenRequests, setupFiles } from './files.ts';
import { setupLanguage } from './language.ts';
import { setupMenu } from './menu.ts';
import { setupReports } from './reports.ts';
import { registerScheme, setupScheme } from './scheme.ts';
import { setupSecurity } from './security.ts';
import { setupUnsavedQuestion } from './unsaved.ts';
import { bringToFront, openWindow } from './windows.ts';

function onReady(requests: OpenRequests): void {
  setupSecurity();
  setupScheme();
  const window = openWindow();
  setupDialogs(window);
  setupReports();
  setupUnsavedQuestion(window);
  setupLanguage(() => rebuildMenu());
  const rebuildMenu = setupMenu(window);
  setupEngine(window, requests.initialPath);
  requests.deliver = (path) => {
    if (path) window.webContents.send('open-path', path);
    bringToFront(window);
  };
}

if (app.requestSingleInstanceLock()) {
  registerScheme();
  const requests = setupFiles();
  app.on('window-all-closed', () => app.quit());
  void app.whenReady().then(() => onReady(requests));
} else {
  // The first instance gets our command line and opens the document.
  app.quit();
}
