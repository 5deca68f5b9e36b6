import { dirname, resolve } from 'node:path';
import { catalogue } from '../catalogue.ts';
import type { ArchipelDocument } from '../model/document.ts';
import { ArchipelError } from '../model/error.ts';
import { type Experiment, experimentFileSchema } from '../model/experiment.ts';
import { schemaErrors } from '../model/issues.ts';
import { parseDocument } from '../model/parse.ts';
import { parseJson, readDocumentBytes } from './read.ts';

export const isExperimentFile = (path: string): boolean => path.endsWith('.experiment.json');

/** An experiment that stands in a file of its own, and the path of the document that it names. */
export async function readExperimentFile(path: string): Promise<{ experiment: Experiment; document: string | null }> {
  const file = resolve(path);
  const value = parseJson(file, await readDocumentBytes(file));
  const errors = schemaErrors(experimentFileSchema, value);
  if (errors.length > 0)
    throw new ArchipelError(
      'document-invalid',
      `${file} is no valid experiment`,
      'Correct the file at the paths given.',
      {
        errors,
      },
    );
  const { $schema: _, format: __, document, ...experiment } = experimentFileSchema.parse(value);
  return { experiment, document: document === undefined ? null : resolve(dirname(file), document) };
}

/** The document with the experiment, which takes the place of one with its name. Everything it names must be there. */
export function withExperiment(document: ArchipelDocument, experiment: unknown, from: string): ArchipelDocument {
  const { name } = experiment as { name?: unknown };
  const others = document.experiments.filter((other) => other.name !== name);
  const parsed = parseDocument({ ...document, experiments: [...others, experiment] }, catalogue);
  if (parsed.ok) return parsed.document;
  const place = `$.experiments[${others.length}]`;
  const errors = parsed.errors.map((error) =>
    error.path.startsWith(place) ? { ...error, path: `$${error.path.slice(place.length)}` } : error,
  );
  throw new ArchipelError(
    'document-invalid',
    `${from} does not fit the document "${document.name}"`,
    'Correct the experiment at the paths given.',
    { errors },
  );
}
