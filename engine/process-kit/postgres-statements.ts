/** Texts that come from a document's routes are few; more than this many are not worth a prepared statement each. */
const PREPARED_LIMIT = 500;

/** Names under which each connection prepares a text that it runs again and again. */
export interface StatementNames {
  /** Undefined for what cannot be prepared. */
  nameOf(sql: string): string | undefined;
  refuse(sql: string): void;
}

export function createStatementNames(): StatementNames {
  const names = new Map<string, string | undefined>();
  return {
    nameOf(sql) {
      if (!names.has(sql) && names.size < PREPARED_LIMIT) names.set(sql, `archipel-${names.size}`);
      return names.get(sql);
    },
    refuse: (sql) => void names.set(sql, undefined),
  };
}

const codeOf = (error: Error): unknown => (error as { code?: unknown }).code;

/** PostgreSQL says so before it has run any of them. */
export const isSeveralStatements = (error: Error): boolean =>
  codeOf(error) === '42601' && /multiple commands/.test(error.message);

/** A prepared statement whose tables have changed since: the next connection prepares it anew. */
export const isStale = (error: Error): boolean => codeOf(error) === '0A000' || codeOf(error) === '26000';

/**
 * Whether SQL only reads, as far as its beginning tells: a select whose functions write is taken for a read, and a read that begins
 * with `with` is not.
 */
export const isRead = (sql: string): boolean =>
  /^\s*(select|table|values|show)\b/i.test(sql) && !/\bfor\s+(no\s+key\s+)?update\b/i.test(sql);
