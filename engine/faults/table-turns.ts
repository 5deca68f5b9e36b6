import { isSqlState, type SqlServer } from './sql-server.ts';

/** A statement of the topology holds the table; we wait in short turns, since behind us everybody waits. */
const TURN_MS = 100;
const NOT_AVAILABLE = '55P03';

/** Changes a table that the topology works on, as soon as nobody holds it. Throws when that is not within the time. */
export async function inTurns(server: SqlServer, sql: string, deadlineMs: number): Promise<void> {
  const deadline = performance.now() + deadlineMs;
  for (;;)
    try {
      // Several statements in one query are one transaction.
      await server.query({ sql: `set local lock_timeout = ${TURN_MS}; ${sql}` });
      return;
    } catch (error) {
      if (!isSqlState(error, NOT_AVAILABLE) || performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, TURN_MS));
    }
}
