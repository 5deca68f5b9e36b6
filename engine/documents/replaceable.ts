import { stat } from 'node:fs/promises';
import { catalogue } from '../catalogue.ts';
import { ArchipelError } from '../model/error.ts';
import { parseDocument } from '../model/parse.ts';
import { parseJson, readDocumentBytes, revisionOf } from './read.ts';
import { whyUnwritable } from './unwritable.ts';

/** Whether the bytes of a file are of the kind that a save may replace, since Archipel can read it. */
export type IsOurs = (file: string, bytes: Buffer) => boolean;

/** Throws where a save would replace something that its owner has not seen. See `saveDocument` for the rules. */
export async function assertReplaceable(file: string, expectedRevision: string | null, isOurs: IsOurs): Promise<void> {
  const exists = await stat(file).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw whyUnwritable(file, error);
    },
  );
  const conflict = (message: string, nextStep: string): ArchipelError =>
    new ArchipelError('document-conflict', message, nextStep);
  if (!exists) {
    if (expectedRevision === null) return;
    throw conflict(
      `${file} was moved or deleted since it was opened`,
      'Save under a name of your choice with "Save as".',
    );
  }
  const bytes = await readDocumentBytes(file);
  if (expectedRevision !== null) {
    if (revisionOf(bytes) === expectedRevision) return;
    throw conflict(
      `${file} was changed by another program since it was opened`,
      'Open it again, or keep both with "Save as".',
    );
  }
  if (bytes.length === 0 || isOurs(file, bytes)) return;
  throw conflict(
    `${file} exists and is no file of this kind that Archipel can read, so it is not overwritten`,
    'Choose another name, or move that file away.',
  );
}

export function isDocument(file: string, bytes: Buffer): boolean {
  try {
    const parsed = parseDocument(parseJson(file, bytes), catalogue);
    return parsed.ok || parsed.draft !== null;
  } catch {
    return false;
  }
}
