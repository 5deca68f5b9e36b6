import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import type { OpenedComparison, WrittenComparison } from '../api/engine.ts';
import { ArchipelError } from '../model/error.ts';
import { schemaErrors } from '../model/issues.ts';
import { type ComparisonPlan, comparisonFileSchema } from '../model/repetition.ts';
import { type OpenedDocument, openDocument } from './open.ts';
import { parseJson, readDocumentBytes, revisionOf } from './read.ts';
import { replaceFile } from './replace-file.ts';

export const isComparisonFile = (path: string): boolean => path.endsWith('.comparison.json');

export interface ComparisonFile {
  title: string;
  statement: string;
  /** Paths of the two documents. */
  a: string;
  b: string;
  plan: ComparisonPlan;
}

/** A comparison that stands in a file of its own. */
export async function readComparisonFile(path: string): Promise<ComparisonFile> {
  const file = resolve(path);
  const { format: _, title, statement, a, b, ...plan } = parsed(file, parseJson(file, await readDocumentBytes(file)));
  return { title, statement, a: resolve(dirname(file), a), b: resolve(dirname(file), b), plan };
}

/** The same to be edited, with both documents. Whatever is wrong with them is told at once. */
export async function openComparison(
  path: string,
): Promise<Omit<OpenedComparison, 'a' | 'b'> & { a: OpenedDocument; b: OpenedDocument }> {
  const file = resolve(path);
  const bytes = await readDocumentBytes(file);
  const value = parseJson(file, bytes);
  const comparison = parsed(file, value);
  const [a, b] = (await Promise.all(
    (['a', 'b'] as const).map((side) =>
      openDocument(resolve(dirname(file), comparison[side])).catch((error: ArchipelError) => ({
        path: `$.${side}`,
        message: error.message,
        nextStep: error.nextStep,
      })),
    ),
  )) as [OpenedDocument | Problem, OpenedDocument | Problem];
  const problems = [a, b].filter(isProblem);
  if (!isProblem(a) && !a.document.scenarios.some(({ name }) => name === comparison.scenario))
    problems.push({
      path: '$.scenario',
      message: `document A has no scenario "${comparison.scenario}"`,
      nextStep: `It has ${a.document.scenarios.map(({ name }) => `"${name}"`).join(', ') || 'none: add one to it'}.`,
    });
  if (problems.length > 0 || isProblem(a) || isProblem(b))
    throw new ArchipelError(
      'document-invalid',
      `${file} cannot be opened with what it names`,
      'Correct the file at the paths given, or put the documents where it says.',
      { errors: problems },
    );
  const { format: _, title, statement = '', a: __, b: ___, ...plan } = value as Record<string, unknown>;
  return {
    path: file,
    revision: revisionOf(bytes),
    title: title as string,
    statement: statement as string,
    plan,
    a,
    b,
  };
}

interface Problem {
  path: string;
  message: string;
  nextStep: string;
}

const isProblem = (opened: OpenedDocument | Problem): opened is Problem => !('document' in opened);

function parsed(file: string, value: unknown) {
  const errors = schemaErrors(comparisonFileSchema, value);
  if (errors.length === 0) return comparisonFileSchema.parse(value);
  throw new ArchipelError(
    'document-invalid',
    `${file} is no valid comparison`,
    'Correct the file at the paths given.',
    { errors },
  );
}

/** Writes a comparison. What the file says already, and where, stays as it is written; nothing is added that has its default. */
export async function saveComparison(options: WrittenComparison): Promise<{ path: string; revision: string }> {
  const { title, statement, plan, expectedRevision } = options;
  const file = resolve(options.path);
  if (!isComparisonFile(file))
    throw new ArchipelError(
      'document-invalid',
      `${file} does not end in .comparison.json`,
      'Choose a name that does, so that it is known for what it is when it is opened.',
    );
  const before = await readFile(file, 'utf8')
    .then((text) => JSON.parse(text) as Record<string, unknown>)
    .catch((): Record<string, unknown> => ({}));
  const named = (side: 'a' | 'b'): string => {
    const known = before[side];
    const path = resolve(options[side]);
    if (typeof known === 'string' && resolve(dirname(file), known) === path) return known;
    const from = relative(dirname(file), path);
    return isAbsolute(from) ? from : from.split(sep).join('/');
  };
  const next: Record<string, unknown> = {
    ...{ format: 1, title, ...((statement !== '' || 'statement' in before) && { statement }) },
    ...{ a: named('a'), b: named('b'), ...plan },
  };
  const known = Object.keys(before).filter((key) => key in next);
  const ordered = Object.fromEntries([...known, ...Object.keys(next)].map((key) => [key, next[key]]));
  if (!('format' in before) && known.length > 0) delete ordered.format;
  parsed(file, ordered);
  const content = `${JSON.stringify(ordered, null, 2)}\n`;
  const { revision } = await replaceFile({ path: file, content, expectedRevision, isOurs: isComparison });
  return { path: file, revision };
}

function isComparison(file: string, bytes: Buffer): boolean {
  try {
    parsed(file, parseJson(file, bytes));
    return true;
  } catch {
    return false;
  }
}
