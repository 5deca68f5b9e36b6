import { isForCanvas, isForParts } from '../stores/keyboard.ts';
import type { Action } from './action.ts';
import { matches } from './keys.ts';
import { actions } from './registry.ts';

const isMeant = (action: Action, event: KeyboardEvent): boolean =>
  action.where !== 'canvas' ||
  isForCanvas(event.target, !(event.ctrlKey || event.metaKey)) ||
  isForParts(event.target, event.key);

/** Undo in a field goes to the document too: its edits are steps of the document. */
export function listenToKeys(): () => void {
  const onKey = (event: KeyboardEvent) => {
    const found = actions.find(
      (action) => action.keys?.some((key) => matches(key, event)) === true && isMeant(action, event),
    );
    if (!found) return;
    // What the browser makes of it, such as a copy, is what is wanted.
    if (found.native) return;
    event.preventDefault();
    event.stopPropagation();
    if ((found.disabled?.() ?? null) === null) found.run();
  };
  // Before the canvas and its parts, which have keys of their own.
  window.addEventListener('keydown', onKey, true);
  return () => window.removeEventListener('keydown', onKey, true);
}
