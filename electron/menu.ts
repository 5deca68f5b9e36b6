import { app, type BrowserWindow, Menu, type MenuItemConstructorOptions } from 'electron';
import { receive } from './ipc.ts';
import { type MenuItem, menuItems } from './menu-items.ts';
import { type RecentFile, recentFilesOf } from './recent-files.ts';

/** Each item only tells the window what was asked for; the window knows the document. */
export function setupMenu(window: BrowserWindow): void {
  build(window, []);
  receive('recent', (value) => build(window, recentFilesOf(value)));
}

function build(window: BrowserWindow, files: readonly RecentFile[]): void {
  const separator: MenuItemConstructorOptions = { type: 'separator' };
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
  const mac = process.platform === 'darwin';
  const appMenu: MenuItemConstructorOptions = { role: 'appMenu' };
  const recent: MenuItemConstructorOptions = {
    id: 'recent',
    label: 'Open Recent',
    enabled: files.length > 0,
    submenu: [
      ...files.map(
        ({ path, name, missing }): MenuItemConstructorOptions => ({
          label: `${name} – ${path}${missing ? ' (missing)' : ''}`.replaceAll('&', '&&'),
          enabled: !missing,
          click: () => window.webContents.send('open-path', path),
        }),
      ),
      separator,
      ...items(menuItems.recent),
    ],
  };
  const devTools: MenuItemConstructorOptions = { role: 'toggleDevTools' };

  const template: MenuItemConstructorOptions[] = [
    ...(mac ? [appMenu] : []),
    {
      label: '&File',
      submenu: [
        ...items(menuItems.file),
        recent,
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
