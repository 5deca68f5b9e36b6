import { key, t } from '../i18n/t.ts';
import { redo, undo, useDocument } from '../stores/document.ts';
import { isReplaying } from '../stores/replay.ts';
import type { Action } from './action.ts';

/** What an undo would take back; null where there is nothing. */
const undoName = (): string | null => (canUndo() ? useDocument.getState().edited : null);
const redoName = (): string | null => useDocument.temporal.getState().futureStates.at(-1)?.edited ?? null;
/** A recorded run that is shown again is no document of ours. */
const whyReplay = (): string | null => (isReplaying() ? t('A recorded run is shown; it cannot be changed.') : null);
const canUndo = (): boolean => useDocument.temporal.getState().pastStates.length > 0;
const canRedo = (): boolean => useDocument.temporal.getState().futureStates.length > 0;

const named = (what: string, edit: string | null): string => (edit === null ? what : `${what}: ${edit}`);

export const editActions: readonly Action[] = [
  {
    id: 'undo',
    family: 'Edit',
    title: key('Undo'),
    titleNow: () => named(t('Undo'), undoName()),
    keys: ['Mod+Z'],
    disabled: () => whyReplay() ?? (canUndo() ? null : t('Nothing was edited yet.')),
    run: undo,
  },
  {
    id: 'redo',
    family: 'Edit',
    title: key('Redo'),
    titleNow: () => named(t('Redo'), redoName()),
    keys: ['Mod+Y', 'Mod+Shift+Z'],
    disabled: () => whyReplay() ?? (canRedo() ? null : t('Nothing was undone.')),
    run: redo,
  },
];
