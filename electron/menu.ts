import { app, type BrowserWindow, Menu, type MenuItemConstructorOptions } from 'electron';

export type MenuAction =
  | 'new'
  | 'open'
  | 'save'
  | 'save-as'
  | 'undo'
  | 'redo'
  | 'run'
  | 'stop'
  | 'faults'
  | 'take-off-all';

/** Each item only tells the window what was asked for; the window knows the document. */
export function setupMenu(window: BrowserWindow): void {
  const item = (label: string, action: MenuAction, accelerator: string): MenuItemConstructorOptions => ({
    id: action,
    label,
    accelerator,
    // The window handles these keys itself, so that it can leave them to a text field that has the focus.
    registerAccelerator: action === 'run' || action === 'stop',
    click: () => window.webContents.send('menu', action),
  });
  const separator: MenuItemConstructorOptions = { type: 'separator' };
  const mac = process.platform === 'darwin';
  const appMenu: MenuItemConstructorOptions = { role: 'appMenu' };
  const recent: MenuItemConstructorOptions = {
    role: 'recentDocuments',
    submenu: [{ role: 'clearRecentDocuments' }],
  };
  const devTools: MenuItemConstructorOptions = { role: 'toggleDevTools' };

  const template: MenuItemConstructorOptions[] = [
    ...(mac ? [appMenu] : []),
    {
      label: '&File',
      submenu: [
        item('New', 'new', 'CmdOrCtrl+N'),
        item('Open…', 'open', 'CmdOrCtrl+O'),
        ...(mac ? [recent] : []),
        separator,
        item('Save', 'save', 'CmdOrCtrl+S'),
        item('Save As…', 'save-as', 'CmdOrCtrl+Shift+S'),
        separator,
        mac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    {
      label: '&Edit',
      submenu: [
        item('Undo', 'undo', 'CmdOrCtrl+Z'),
        item('Redo', 'redo', mac ? 'Cmd+Shift+Z' : 'Ctrl+Y'),
        separator,
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'selectAll' },
      ],
    },
    {
      label: '&Run',
      submenu: [
        item('Run', 'run', 'F5'),
        item('Stop', 'stop', 'Shift+F5'),
        separator,
        item('Inject a Fault…', 'faults', 'CmdOrCtrl+I'),
        item('Take off All Faults', 'take-off-all', 'CmdOrCtrl+.'),
      ],
    },
    {
      label: '&View',
      submenu: [
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        separator,
        { role: 'togglefullscreen' },
        ...(app.isPackaged ? [] : [devTools]),
      ],
    },
    { role: 'windowMenu' },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
