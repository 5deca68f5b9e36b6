import { catalogue } from '../catalogue.ts';
import type { ArchipelDocument } from '../model/document.ts';
import { ArchipelError } from '../model/error.ts';
import { parseDocument } from '../model/parse.ts';
import { replaceFile } from './replace-file.ts';
import { isDocument } from './replaceable.ts';

export interface SaveOptions {
  path: string;
  document: ArchipelDocument;
  /** Of the file that this save replaces; null to write where no opened file is, as "save as" does. */
  expectedRevision: string | null;
}

export const serialize = (document: ArchipelDocument): string => `${JSON.stringify(document, null, 2)}\n`;

/**
 * Writes a document so that at every moment the file holds either all of the old or all of the new,
 * and nothing is replaced that its owner has not seen:
 *
 * - with a revision, only the file of that revision;
 * - without one, nothing, an empty file (save dialogs make them), or another document, as the save dialog has asked;
 *   never a file that Archipel cannot read, for that may be somebody's work that needs mending.
 */
export async function saveDocument({ path, document, expectedRevision }: SaveOptions): Promise<{ revision: string }> {
  return replaceFile({ path, content: checked(document), expectedRevision, isOurs: isDocument });
}

/** A document that could not be opened again is not written. */
function checked(document: ArchipelDocument): string {
  const content = serialize(document);
  const parsed = parseDocument(JSON.parse(content), catalogue);
  if (parsed.ok || parsed.draft) return content;
  throw new ArchipelError(
    'document-invalid',
    'the document is not sound and could not be opened again',
    'Correct it at the paths given, then save.',
    {
      errors: parsed.errors,
    },
  );
}
