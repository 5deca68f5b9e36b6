/** How the palette and the list of shortcuts put actions together. */
export type Family = 'Document' | 'Edit' | 'Add' | 'Select' | 'Arrange' | 'Run' | 'View' | 'Help';

/** Something a person can ask for. Palette, keys, menu and the list of shortcuts derive from these. */
export interface Action {
  id: string;
  family: Family;
  /** What it does, as the list of shortcuts says it. */
  title: string;
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
