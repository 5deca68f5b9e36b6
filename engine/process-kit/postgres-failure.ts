import type { FailureReason } from '../metrics/failure-reason.ts';

/** SQLSTATEs by which PostgreSQL says that it does not take the connection, or the first two characters of a class of them. */
const refused = [
  '53300', // too many connections
  '57P03', // starting up or shutting down
  '28', // login refused
  '3D', // no such database
];
const reset = [
  '57P01', // terminated by an administrator, as in a fast shutdown
  '57P02', // terminated because another backend crashed
  '08', // connection failure
];
const timeout = [
  '57014', // statement_timeout of the server
];

/** What an error of `pg` means for the caller: of the system, of the connection, or of the SQL. */
export function reasonOfPostgresError(error: Error & { code?: unknown }): FailureReason {
  const code = typeof error.code === 'string' ? error.code : '';
  const isOneOf = (states: readonly string[]): boolean => states.some((state) => code.startsWith(state));
  if (code === 'ECONNREFUSED' || isOneOf(refused)) return 'refused';
  if (code === 'ETIMEDOUT' || isOneOf(timeout) || /timeout/.test(code === '' ? error.message : '')) return 'timeout';
  if (
    /^E[A-Z]+$/.test(code) ||
    isOneOf(reset) ||
    (code === '' && /^Connection terminated|not queryable/.test(error.message))
  )
    return 'reset';
  return 'handler-error';
}

/** PostgreSQL's own words; where it has no connection left, with the setting that says so. */
export function wordsOfPostgresError(error: Error & { code?: unknown }): string {
  return error.code === '53300' ? `the server's max_connections are all taken: ${error.message}` : error.message;
}
