import { contextBridge, ipcRenderer, webUtils } from 'electron';

const on =
  (channel: string) =>
  (callback: (value: unknown) => void): (() => void) => {
    const listener = (_event: unknown, value: unknown): void => callback(value);
    ipcRenderer.on(channel, listener);
    return () => ipcRenderer.removeListener(channel, listener);
  };

/** What the window knows of the desktop. Everything else goes to the engine over its WebSocket. */
contextBridge.exposeInMainWorld('archipel', {
  engine: () => ipcRenderer.invoke('engine'),
  onEngine: on('engine'),
  restartEngine: () => ipcRenderer.send('restart-engine'),
  // Before Electron 29 the file itself knows.
  pathOf: (file: File & { path?: string }) => webUtils?.getPathForFile(file) ?? file.path ?? '',
  openDialog: () => ipcRenderer.invoke('open-dialog'),
  saveDialog: (suggestedName: string) => ipcRenderer.invoke('save-dialog', suggestedName),
  saveFileDialog: (suggestedName: string) => ipcRenderer.invoke('save-file-dialog', suggestedName),
  openReport: (path: string) => ipcRenderer.invoke('open-report', path),
  onMenu: on('menu'),
  onOpenPath: on('open-path'),
  setRecent: (files: unknown) => ipcRenderer.send('recent', files),
  setDirty: (dirty: boolean) => ipcRenderer.send('dirty', dirty),
  setLanguage: (language: string) => ipcRenderer.send('language', language),
});
