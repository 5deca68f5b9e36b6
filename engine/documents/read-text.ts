import type { ImportNote } from '../api/engine.ts';
import { catalogue } from '../catalogue.ts';
import type { DocumentError } from '../model/definition.ts';
import type { ArchipelDocument } from '../model/document.ts';
import { ArchipelError } from '../model/error.ts';
import { parseDocument } from '../model/parse.ts';
import { importCompose, isComposeFile } from './compose/import.ts';
import { parseJson } from './read.ts';

export interface ReadText {
  document: ArchipelDocument;
  migratedFrom: number | null;
  problems: DocumentError[];
  /** Of a file in another format: what was not taken over as it is. Null of a document. */
  imported: ImportNote[] | null;
}

/** Reads what somebody dropped or was sent: a document, or a file that becomes one. Its name says which. */
export function readText(name: string, text: string): ReadText {
  if (isComposeFile(name)) {
    const { document, notes } = importCompose(text, name);
    const parsed = parseDocument(document, catalogue);
    return { document, migratedFrom: null, problems: parsed.ok ? [] : parsed.errors, imported: notes };
  }
  const parsed = parseDocument(parseJson(name, Buffer.from(text)), catalogue);
  const { migratedFrom } = parsed;
  if (parsed.ok) return { document: parsed.document, migratedFrom, problems: [], imported: null };
  if (parsed.draft) return { document: parsed.draft, migratedFrom, problems: parsed.errors, imported: null };
  const { errors } = parsed;
  const newer = errors.length === 1 && errors[0]?.path === '$.format';
  throw new ArchipelError(
    'document-invalid',
    newer
      ? `${name} is of another version: ${errors[0]?.message}`
      : `${name} is no valid document: ${errors.length === 1 ? 'one problem' : `${errors.length} problems`}`,
    newer ? (errors[0]?.nextStep ?? '') : 'Correct the file at the paths given. What is open here is as it was.',
    { errors },
  );
}
