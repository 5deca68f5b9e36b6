import { type IpcMainEvent, type IpcMainInvokeEvent, ipcMain } from 'electron';
import { APP_ORIGIN } from './renderer-files.ts';

/** Only the top frame of our own page may speak to the main process. */
function isOurs(event: IpcMainEvent | IpcMainInvokeEvent): boolean {
  const frame = event.senderFrame;
  return frame !== null && frame.parent === null && frame.url.startsWith(`${APP_ORIGIN}/`);
}

export function answer(channel: string, handler: (argument: unknown) => unknown): void {
  ipcMain.handle(channel, (event, argument: unknown) => {
    if (!isOurs(event)) throw new Error('This page may not speak to Archipel.');
    return handler(argument);
  });
}

export function receive(channel: string, handler: (argument: unknown) => void): void {
  ipcMain.on(channel, (event, argument: unknown) => {
    if (isOurs(event)) handler(argument);
  });
}
