import { app, type BrowserWindow, Menu, type MenuItemConstructorOptions } from 'electron';
import { type MenuItem, menuItems } from './menu-items.ts';

/** Each item only tells the window what was asked for; the window knows the document. */
export function setupMenu(window: BrowserWindow): void {
  const items = (of: readonly (MenuItem | null)[]): MenuItemConstructorOptions[] =>
    of.map((item) =>
      item === null
        ? { type: 'separator' }
        : {
            ...item,
            // The window handles keys itself, so that it can leave them to a text field that has the focus.
            registerAccelerator: item.id === 'run' || item.id === 'stop',
            click: () => window.webContents.send('menu', item.id),
          },
    );
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
        ...items(menuItems.file),
        ...(mac ? [recent] : []),
        separator,
        ...items(menuItems.save),
        separator,
        mac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    {
      label: '&Edit',
      submenu: [
        ...items(menuItems.history),
        separator,
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        ...items(menuItems.edit),
      ],
    },
    { label: '&Arrange', submenu: items(menuItems.arrange) },
    {
      label: '&Run',
      submenu: items(menuItems.run),
    },
    {
      label: '&View',
      submenu: [
        ...items(menuItems.view),
        separator,
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        separator,
        { role: 'togglefullscreen' },
        ...(app.isPackaged ? [] : [devTools]),
      ],
    },
    { role: 'windowMenu' },
    { role: 'help', submenu: items(menuItems.help) },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
