import { newDocument, openWithDialog, save, saveAs } from '../documents/file-actions.ts';
import type { MenuAction } from '../engine-client/desktop.ts';
import { scopeOf } from '../faults/scope.ts';
import { takeOffAllAndSay } from '../faults/TakenOff.tsx';
import { run, stop } from '../running/run-actions.ts';
import { redo, undo } from '../stores/document.ts';
import { openFaults, useSession } from '../stores/session.ts';

/** What menu, keys and buttons can ask for. */
export const commands: Record<MenuAction, () => void> = {
  new: newDocument,
  open: () => void openWithDialog(),
  save: () => void save(),
  'save-as': () => void saveAs(),
  undo,
  redo,
  run: () => void run(),
  stop: () => void stop(),
  faults: () => {
    const { selectedNodes, selectedEdges } = useSession.getState();
    openFaults(scopeOf({ nodes: selectedNodes, edges: selectedEdges }));
  },
  'take-off-all': () => void takeOffAllAndSay(),
};

const isMac = typeof navigator !== 'undefined' && /mac/i.test(navigator.platform);
const mod = isMac ? '⌘' : 'Ctrl+';

export const shortcuts: Partial<Record<MenuAction, string>> = {
  new: `${mod}N`,
  open: `${mod}O`,
  save: `${mod}S`,
  'save-as': `${mod}Shift+S`,
  undo: `${mod}Z`,
  redo: isMac ? '⇧⌘Z' : 'Ctrl+Y',
  run: `${mod}Enter`,
  faults: `${mod}I`,
  'take-off-all': `${mod}.`,
};

function actionOf(event: KeyboardEvent): MenuAction | null {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return null;
  switch (event.key.toLowerCase()) {
    case 'z':
      return event.shiftKey ? 'redo' : 'undo';
    case 'y':
      return 'redo';
    case 's':
      return event.shiftKey ? 'save-as' : 'save';
    case 'o':
      return 'open';
    case 'n':
      return 'new';
    case 'enter':
      return 'run';
    case 'i':
      return 'faults';
    case '.':
      return 'take-off-all';
    default:
      return null;
  }
}

/** Undo in a field goes to the document too: its edits are steps of the document. */
export function listenToKeys(): () => void {
  const onKey = (event: KeyboardEvent) => {
    const action = actionOf(event);
    if (!action) return;
    event.preventDefault();
    commands[action]();
  };
  window.addEventListener('keydown', onKey);
  return () => window.removeEventListener('keydown', onKey);
}
