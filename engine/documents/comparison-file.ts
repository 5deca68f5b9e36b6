import { dirname, resolve } from 'node:path';
import { ArchipelError } from '../model/error.ts';
import { schemaErrors } from '../model/issues.ts';
import { type ComparisonPlan, comparisonFileSchema } from '../model/repetition.ts';
import { parseJson, readDocumentBytes } from './read.ts';

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
  const value = parseJson(file, await readDocumentBytes(file));
  const errors = schemaErrors(comparisonFileSchema, value);
  if (errors.length > 0)
    throw new ArchipelError(
      'document-invalid',
      `${file} is no valid comparison`,
      'Correct the file at the paths given.',
      { errors },
    );
  const { format: _, title, statement, a, b, ...plan } = comparisonFileSchema.parse(value);
  return { title, statement, a: resolve(dirname(file), a), b: resolve(dirname(file), b), plan };
}
