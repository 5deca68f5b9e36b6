/** An item of the menu that asks the window for one of its actions. */
export interface MenuItem {
  /** Of the action. */
  id: string;
  label: string;
  accelerator?: string;
}

/** What the menus hold beside what the operating system brings along; null is a line between. */
export const menuItems = {
  file: [
    { id: 'new', label: 'New', accelerator: 'CmdOrCtrl+N' },
    { id: 'open', label: 'Open…', accelerator: 'CmdOrCtrl+O' },
  ],
  recent: [{ id: 'clear-recent', label: 'Clear the List' }],
  save: [
    { id: 'save', label: 'Save', accelerator: 'CmdOrCtrl+S' },
    { id: 'save-as', label: 'Save As…', accelerator: 'CmdOrCtrl+Shift+S' },
    null,
    { id: 'templates', label: 'Templates…' },
    { id: 'save-template', label: 'Save as Template…' },
    null,
    { id: 'share', label: 'Share as an Address' },
    { id: 'export-svg', label: 'Export as SVG…' },
    { id: 'export-png', label: 'Export as PNG…' },
    { id: 'export-mermaid', label: 'Export as Mermaid…' },
  ],
  history: [
    { id: 'undo', label: 'Undo', accelerator: 'CmdOrCtrl+Z' },
    { id: 'redo', label: 'Redo', accelerator: process.platform === 'darwin' ? 'Cmd+Shift+Z' : 'Ctrl+Y' },
  ],
  edit: [
    { id: 'duplicate', label: 'Duplicate', accelerator: 'CmdOrCtrl+D' },
    { id: 'delete', label: 'Delete' },
    { id: 'select-all', label: 'Select All on the Canvas', accelerator: 'CmdOrCtrl+A' },
    { id: 'lock', label: 'Lock or Unlock', accelerator: 'CmdOrCtrl+Shift+L' },
  ],
  arrange: [
    { id: 'align-left', label: 'Align Left', accelerator: 'Alt+Shift+L' },
    { id: 'align-centre', label: 'Align Centres', accelerator: 'Alt+Shift+C' },
    { id: 'align-right', label: 'Align Right', accelerator: 'Alt+Shift+R' },
    { id: 'align-top', label: 'Align Tops', accelerator: 'Alt+Shift+T' },
    { id: 'align-middle', label: 'Align Middles', accelerator: 'Alt+Shift+M' },
    { id: 'align-bottom', label: 'Align Bottoms', accelerator: 'Alt+Shift+B' },
    null,
    { id: 'distribute-x', label: 'Distribute Horizontally', accelerator: 'Alt+Shift+H' },
    { id: 'distribute-y', label: 'Distribute Vertically', accelerator: 'Alt+Shift+V' },
    null,
    { id: 'tidy-selection', label: 'Tidy Up What Is Selected', accelerator: 'Alt+Shift+U' },
    { id: 'tidy-all', label: 'Tidy Up Everything' },
    null,
    { id: 'group', label: 'Put into a Host', accelerator: 'CmdOrCtrl+G' },
  ],
  run: [
    { id: 'run', label: 'Run', accelerator: 'F5' },
    { id: 'stop', label: 'Stop', accelerator: 'Shift+F5' },
    null,
    { id: 'faults', label: 'Inject a Fault…', accelerator: 'CmdOrCtrl+I' },
    { id: 'take-off-all', label: 'Take off All Faults', accelerator: 'CmdOrCtrl+.' },
  ],
  view: [
    { id: 'commands', label: 'Commands…', accelerator: 'CmdOrCtrl+K' },
    { id: 'fit', label: 'Show Everything' },
    { id: 'panel', label: 'Panel Below', accelerator: 'CmdOrCtrl+B' },
  ],
  help: [{ id: 'shortcuts', label: 'Keyboard Shortcuts' }],
} satisfies Record<string, readonly (MenuItem | null)[]>;
