import { resolve } from 'node:path';
import type { OpenedDocument as Opened } from '../api/engine.ts';
import { ArchipelError } from '../model/error.ts';
import { readDocument } from './read.ts';

/** As the file says; whether its code is trusted is another question. */
export type OpenedDocument = Omit<Opened, 'trust'>;

/**
 * Opens a document to be edited. One that is sound but unfinished opens too, with its `problems`;
 * whoever wants to run it must see to them first. See `parseDocument`.
 */
export async function openDocument(path: string): Promise<OpenedDocument> {
  const absolute = resolve(path);
  if (absolute.endsWith('.comparison.json'))
    throw new ArchipelError(
      'document-invalid',
      `${absolute} is a comparison of two documents, and no document`,
      'Open it in the window, or measure it with `archipel ab`; or name one of the documents that it compares.',
    );
  const { parsed, revision } = await readDocument(absolute);
  const { migratedFrom } = parsed;
  if (parsed.ok) return { path: absolute, document: parsed.document, revision, migratedFrom, problems: [] };
  const { draft, errors } = parsed;
  if (draft) return { path: absolute, document: draft, revision, migratedFrom, problems: errors };
  const count = errors.length === 1 ? 'one problem' : `${errors.length} problems`;
  throw new ArchipelError(
    'document-invalid',
    `${absolute} is no valid document: ${count}`,
    'Correct the file at the paths given.',
    { errors },
  );
}
