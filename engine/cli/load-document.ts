import { isComparisonFile, openComparison } from '../documents/comparison-file.ts';
import { openDocument } from '../documents/open.ts';
import { createTrust } from '../documents/trust.ts';
import type { ArchipelDocument } from '../model/document.ts';
import { ArchipelError } from '../model/error.ts';
import { problemCount } from './problems.ts';

/** Whether a window can open what stands there: a document, or a comparison with both of its documents. */
export const checkOpens = async (path: string): Promise<void> =>
  void (await (isComparisonFile(path) ? openComparison(path) : openDocument(path)));

/** A document that is sound, whether it can run or not. */
export const loadDraft = async (path: string): Promise<ArchipelDocument> => (await openDocument(path)).document;

/** Refuses a document with code that the user has not trusted, unless this run may have it. */
export async function checkTrust(path: string, document: ArchipelDocument, { trust = false }): Promise<void> {
  if (trust) return;
  const { trusted, code } = await createTrust().ofFile(path, document);
  if (trusted) return;
  const nodes = [...new Set(code.map(({ nodeId }) => `"${nodeId}"`))].join(', ');
  throw new ArchipelError(
    'document-untrusted',
    `${path} holds code that you have not trusted, in ${nodes}. Nothing of it was run.`,
    `Read it and trust it with \`archipel trust ${path}\`, or let it run once with --trust.`,
  );
}

/** A document that can run. Starts nothing. */
export async function loadDocument(path: string): Promise<ArchipelDocument> {
  const { document, path: absolute, problems } = await openDocument(path);
  if (problems.length === 0) return document;
  throw new ArchipelError(
    'document-invalid',
    `${absolute} is unfinished: ${problemCount(problems)}`,
    'Correct the document at the paths given.',
    { errors: problems },
  );
}

/** The one that was named, or else the first. */
export function pick<Item extends { name: string }>(
  items: readonly Item[],
  name: string | undefined,
  what: string,
): Item {
  const found = name === undefined ? items[0] : items.find((item) => item.name === name);
  if (found) return found;
  const names = items.map((item) => `"${item.name}"`).join(', ');
  if (items.length === 0)
    throw new ArchipelError('not-found', `the document has no ${what}`, `Add a ${what} to the document.`);
  throw new ArchipelError('not-found', `the document has no ${what} "${name}"`, `It has: ${names}.`);
}
