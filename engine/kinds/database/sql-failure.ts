import type { DatabaseError } from 'pg';
import { ArchipelError } from '../../model/error.ts';
import { statementStarts } from './statements.ts';

/** Of SQL, and not of the server on its way down. */
export const isSqlError = (error: unknown): error is DatabaseError => {
  const { code, severity } = error as { code?: unknown; severity?: unknown };
  return typeof code === 'string' && severity === 'ERROR';
};

/** Wrong SQL of a document: which text, which statement and line, and PostgreSQL's own words. */
export function wrongSql(error: DatabaseError, options: { part: string; sql: string; done: number }): ArchipelError {
  const more = [error.detail, error.hint && `Hint: ${error.hint}`].filter(Boolean).join('\n');
  return new ArchipelError(
    'start-failed',
    `the ${options.part} fails ${placeOf(error, options)}: ${error.message} (SQLSTATE ${error.code})${more ? `\n${more}` : ''}`,
    `Mend the ${options.part} and start again. Schema, set-up SQL and seed run in one transaction, so nothing of them has been kept.`,
    { cause: error },
  );
}

/**
 * PostgreSQL says where when it cannot understand the text. While it runs, it says nothing of the kind: then it is the statement
 * after those that it has completed, from its beginning.
 */
function placeOf({ position }: DatabaseError, { sql, done }: { sql: string; done: number }): string {
  const starts = statementStarts(sql);
  // It counts characters, not UTF-16 units.
  const at = position ? [...sql].slice(0, Number(position) - 1).join('').length : starts[done];
  if (at === undefined) return `in statement ${done + 1}`;
  const before = sql.slice(0, at);
  const statement = Math.max(1, starts.filter((start) => start <= at).length);
  const line = before.split('\n').length;
  const column = position ? `, column ${[...before.slice(before.lastIndexOf('\n') + 1)].length + 1}` : '';
  return `in statement ${statement}, at line ${line}${column}`;
}
