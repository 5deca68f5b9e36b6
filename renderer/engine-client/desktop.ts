export type MenuAction =
  | 'new'
  | 'open'
  | 'save'
  | 'save-as'
  | 'undo'
  | 'redo'
  | 'run'
  | 'stop'
  | 'faults'
  | 'take-off-all';

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
  openDialog(): Promise<string | null>;
  saveDialog(suggestedName: string): Promise<string | null>;
  /** Where a file is to be saved that is no document, such as a report. */
  saveFileDialog(suggestedName: string): Promise<string | null>;
  /** Why the page of a run cannot be opened, or null. */
  openReport(path: string): Promise<string | null>;
  onMenu(callback: (action: MenuAction) => void): Unsubscribe | undefined;
  onOpenPath(callback: (path: string) => void): Unsubscribe | undefined;
  setDirty(dirty: boolean): void;
}

declare global {
  interface Window {
    archipel?: Desktop;
  }
}

/** Null in a browser tab. */
export const desktop: Desktop | null = typeof window === 'undefined' ? null : (window.archipel ?? null);
