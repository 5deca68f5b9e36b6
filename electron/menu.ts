import { app, type BrowserWindow, Menu, type MenuItemConstructorOptions } from 'electron';
import { receive } from './ipc.ts';
import { type MenuItem, menuItems } from './menu-items.ts';
import { type RecentFile, recentFilesOf } from './recent-files.ts';
import { inWords, nameOfRole } from './words.ts';

/** Each item only tells the window what was asked for; the window knows the document. What it gives back builds the menu anew, for another language. */
export function setupMenu(window: BrowserWindow): () => void {
  let files: readonly RecentFile[] = [];
  const rebuild = (): void => build(window, files);
  rebuild();
  receive('recent', (value) => {
    files = recentFilesOf(value);
    rebuild();
  });
  return rebuild;
}

function build(window: BrowserWindow, files: readonly RecentFile[]): void {
  const separator: MenuItemConstructorOptions = { type: 'separator' };
  const items = (of: readonly (MenuItem | null)[]): MenuItemConstructorOptions[] =>
    of.map((item) =>
      item === null
        ? { type: 'separator' }
        : {
            ...item,
            label: inWords(item.label),
            // The window handles keys itself, so that it can leave them to a text field that has the focus.
            registerAccelerator: item.id === 'run' || item.id === 'stop',
            click: () => window.webContents.send('menu', item.id),
          },
    );
  const mac = process.platform === 'darwin';
  /** An item that the operating system knows what to do with. */
  const role = (name: MenuItemConstructorOptions['role'], title: string): MenuItemConstructorOptions => ({
    role: name,
    ...nameOfRole(title),
  });
  const appMenu: MenuItemConstructorOptions = {
    label: app.name,
    submenu: [
      role('about', 'About Archipel'),
      separator,
      role('services', 'Services'),
      separator,
      role('hide', 'Hide Archipel'),
      role('hideOthers', 'Hide Others'),
      role('unhide', 'Show All'),
      separator,
      role('quit', 'Quit Archipel'),
    ],
  };
  const recent: MenuItemConstructorOptions = {
    id: 'recent',
    label: inWords('Open Recent'),
    enabled: files.length > 0,
    submenu: [
      ...files.map(
        ({ path, name, missing }): MenuItemConstructorOptions => ({
          label: `${name} – ${path}${missing ? ` (${inWords('missing')})` : ''}`.replaceAll('&', '&&'),
          enabled: !missing,
          click: () => window.webContents.send('open-path', path),
        }),
      ),
      separator,
      ...items(menuItems.recent),
    ],
  };
  const windowMenu: MenuItemConstructorOptions = {
    ...role('window', 'Window'),
    submenu: [
      role('minimize', 'Minimize'),
      ...(mac ? [role('zoom', 'Zoom'), separator, role('front', 'Bring All to Front')] : [role('close', 'Close')]),
    ],
  };
  const devTools = role('toggleDevTools', 'Toggle Developer Tools');

  const template: MenuItemConstructorOptions[] = [
    ...(mac ? [appMenu] : []),
    {
      label: inWords('&File'),
      submenu: [
        ...items(menuItems.file),
        recent,
        separator,
        ...items(menuItems.save),
        separator,
        mac ? role('close', 'Close Window') : role('quit', 'Quit'),
      ],
    },
    {
      label: inWords('&Edit'),
      submenu: [
        ...items(menuItems.history),
        separator,
        role('cut', 'Cut'),
        role('copy', 'Copy'),
        role('paste', 'Paste'),
        ...items(menuItems.edit),
      ],
    },
    { label: inWords('&Arrange'), submenu: items(menuItems.arrange) },
    {
      label: inWords('&Run'),
      submenu: items(menuItems.run),
    },
    {
      label: inWords('&View'),
      submenu: [
        ...items(menuItems.view),
        separator,
        role('resetZoom', 'Actual Size'),
        role('zoomIn', 'Zoom In'),
        role('zoomOut', 'Zoom Out'),
        separator,
        role('togglefullscreen', 'Toggle Full Screen'),
        ...(app.isPackaged ? [] : [devTools]),
      ],
    },
    windowMenu,
    { ...role('help', 'Help'), submenu: items(menuItems.help) },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
