import { app } from 'electron';
import { receive } from './ipc.ts';
import { speak } from './words.ts';

/** The language of menus and dialogs: that of the system, until the window says what was chosen. */
export function setupLanguage(onChange: () => void): void {
  speak(app.getLocale());
  receive('language', (tag) => {
    if (typeof tag === 'string' && speak(tag)) onChange();
  });
}
