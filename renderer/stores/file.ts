import { useSyncExternalStore } from 'react';
import { create } from 'zustand';
import type { ArchipelDocument } from '../../engine/model/document.ts';
import { useDocument } from './document.ts';

interface FileState {
  /** Null for a document that was never saved. */
  path: string | null;
  /** What paths in the document are relative to: the directory of its file, or of the template that it was made from. */
  directory: string | null;
  /** SHA-256 of the file as last read or written; a save says which one it replaces. */
  revision: string | null;
  /** The document as last saved; another object in the store means unsaved edits. */
  saved: ArchipelDocument;
}

export const useFile = create<FileState>()(() => ({
  path: null,
  directory: null,
  revision: null,
  saved: useDocument.getState().document,
}));

export const isDirty = (): boolean => useDocument.getState().document !== useFile.getState().saved;

export function useDirty(): boolean {
  useFile((state) => state.saved);
  return useSyncExternalStore(useDocument.subscribe, isDirty);
}

export function directoryOf(path: string): string {
  const directory = path.replace(/[\\/][^\\/]*$/, '');
  // Of a file at the root, on Windows of a drive: without the slash, "C:" would be wherever that drive was last left.
  return /^([A-Za-z]:)?$/.test(directory) ? `${directory}/` : directory;
}

export const fileName = (path: string): string => path.split(/[\\/]/).at(-1) ?? path;
