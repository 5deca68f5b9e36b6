import type { ArchipelDocument } from '../../engine/model/document.ts';
import { type ArchipelNote, noteSchema } from '../../engine/model/notes.ts';
import { freeId } from './document-edits.ts';

type Document = ArchipelDocument;

/** Ids of notes as the canvas and the selection name them, beside those of nodes. */
export const noteKey = (id: string): string => `note/${id}`;
export const noteOfKey = (key: string): string | null => (key.startsWith('note/') ? key.slice(5) : null);

const NOTE = { width: 200, height: 120 };

export function addNote(document: Document, at: { x: number; y: number }): { document: Document; id: string } {
  const id = freeId(
    'note',
    document.notes.map((note) => note.id),
  );
  const position = { x: Math.round(at.x), y: Math.round(at.y) };
  return { id, document: { ...document, notes: [...document.notes, noteSchema.parse({ id, position, size: NOTE })] } };
}

export const changeNote = (document: Document, id: string, change: (note: ArchipelNote) => ArchipelNote): Document => ({
  ...document,
  notes: document.notes.map((note) => (note.id === id ? change(note) : note)),
});
