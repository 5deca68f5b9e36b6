import type { DocumentError } from './definition.ts';
import { FORMAT } from './document.ts';

/** Turns a document of one format into one of the next. What it gets is JSON that nobody has checked yet. */
export type Migration = (document: Record<string, unknown>) => Record<string, unknown>;

/** By the format that they start from. Format 1 is the first, so nothing leads to it. */
const migrations: Record<number, Migration> = {};

export type Migrated = { ok: true; value: unknown; migratedFrom: number | null } | { ok: false; error: DocumentError };

/** Brings a document of an older format to the current one. A value without a usable format passes as it is. */
export function migrate(
  value: unknown,
  chain: Record<number, Migration> = migrations,
  current: number = FORMAT,
): Migrated {
  const format = formatOf(value);
  if (format === null || format === current) return { ok: true, value, migratedFrom: null };
  const fail = (message: string, nextStep: string): Migrated => ({
    ok: false,
    error: { path: '$.format', message, nextStep },
  });
  if (format > current)
    return fail(
      `the document has format ${format}, and this Archipel reads formats up to ${current}`,
      'Open it with the newer Archipel that wrote it, or update this one.',
    );

  let document = value as Record<string, unknown>;
  for (let from = format; from < current; from += 1) {
    const step = chain[from];
    if (!step)
      return fail(
        `no migration leads from format ${from} to ${from + 1}`,
        `Use one of the formats that exist, up to ${current}.`,
      );
    try {
      document = { ...step(document), format: from + 1 };
    } catch (error) {
      const why = error instanceof Error ? error.message : 'an unknown error';
      return fail(
        `the document cannot be brought from format ${from} to ${from + 1}: ${why}`,
        `Check it against format ${from}.`,
      );
    }
  }
  return { ok: true, value: document, migratedFrom: format };
}

function formatOf(value: unknown): number | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const { format } = value as { format?: unknown };
  return typeof format === 'number' && Number.isInteger(format) ? format : null;
}
