export interface EngineAddress {
  /** `ws://127.0.0.1:PORT/api` */
  url: string;
  token: string;
}

type Unsubscribe = () => void;

/** What the desktop shell's preload puts on `window`. A browser tab has none of it. */
export interface Desktop {
  engine(): Promise<EngineAddress>;
  /** Called with the address of a restarted engine. */
  onEngine(callback: (address: EngineAddress) => void): Unsubscribe;
  /** Ends the engine, with all that it runs, and starts another. */
  restartEngine(): void;
  /** Where a file that was dropped lies; empty for one that lies nowhere. */
  pathOf(file: File): string;
  openDialog(): Promise<string | null>;
  saveDialog(suggestedName: string): Promise<string | null>;
  /** Where a file is to be saved that is no document, such as a report. */
  saveFileDialog(suggestedName: string): Promise<string | null>;
  /** Why the page of a run cannot be opened, or null. */
  openReport(path: string): Promise<string | null>;
  /** Called with the id of an action. */
  onMenu(callback: (id: string) => void): Unsubscribe | undefined;
  onOpenPath(callback: (path: string) => void): Unsubscribe | undefined;
  setDirty(dirty: boolean): void;
  /** What the menu offers as opened last. */
  setRecent(files: readonly { path: string; name: string; missing: boolean }[]): void;
  /** Menus and dialogs are read in this language. */
  setLanguage(language: string): void;
}

declare global {
  interface Window {
    archipel?: Desktop;
  }
}

/** Null in a browser tab. */
export const desktop: Desktop | null = typeof window === 'undefined' ? null : (window.archipel ?? null);
