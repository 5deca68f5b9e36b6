import { said } from '../i18n/said.ts';
import { type Key, key, t, type Values } from '../i18n/t.ts';

/** How the palette and the list of shortcuts put actions together. */
export type Family = 'Document' | 'Edit' | 'Add' | 'Select' | 'Arrange' | 'Run' | 'View' | 'Help';

export const familyTitles: Record<Family, Key> = {
  Document: key('Document'),
  Edit: key('Edit'),
  Add: key('Add'),
  Select: key('Select'),
  Arrange: key('Arrange'),
  Run: key('Run'),
  View: key('View'),
  Help: key('Help'),
};

/** Something a person can ask for. Palette, keys, menu and the list of shortcuts derive from these. */
export interface Action {
  id: string;
  family: Family;
  /** What it does, as the list of shortcuts says it. */
  title: Key;
  /** What stands in its title. */
  values?(): Values;
  /** What it would do now, where that says more, such as "Undo: move 3 nodes". */
  titleNow?(): string;
  /** Other words that people may search for. */
  keywords?: string;
  /** `Mod` is Ctrl, or Command on macOS. The first is the one that is shown. */
  keys?: readonly string[];
  /** Keys of the canvas are left to text fields, panels and dialogs that have the focus. Default: anywhere. */
  where?: 'anywhere' | 'canvas';
  /** Its keys are left to the browser, which tells the clipboard. */
  native?: boolean;
  /** Why it cannot be done now, as a sentence; null when it can. */
  disabled?(): string | null;
  run(): void;
}

/** Its title in the language of the window. */
export const titleOf = ({ title, values }: Action): string => t(title, values?.());

/** What it would do now, in the language of the window. */
export const titleNow = (action: Action): string => action.titleNow?.() ?? titleOf(action);

export const keywordsOf = ({ family, keywords }: Action): string =>
  `${t(familyTitles[family])} ${keywords ? said(keywords) : ''}`;
