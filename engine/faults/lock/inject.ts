import type { z } from 'zod';
import { ArchipelError } from '../../model/error.ts';
import type { Injector, ProcessTarget } from '../inject.ts';
import { isSqlState, primaryServer, tablesOf } from '../sql-server.ts';
import { untilAborted } from '../until-aborted.ts';
import type { lockDefinition } from './definition.ts';

type Parameters = z.output<(typeof lockDefinition)['parameters']>;

/** What a statement of a caller takes, that the mode does not go with. */
const heldUp = { 'access exclusive': 'access share', exclusive: 'row exclusive', share: 'row exclusive' } as const;
const whatIs = { 'access share': 'a read', 'row exclusive': 'a write' } as const;

/** How long the lock may take to be granted: behind it, everybody waits. */
const GRANT_MS = 2000;
const NOT_AVAILABLE = '55P03';

export const injectLock: Injector<ProcessTarget, Parameters> = async (target, { table, mode }, options) => {
  const { id, signal } = options;
  const server = await primaryServer(target);
  const tables = await tablesOf(server, table);
  const wanted = heldUp[mode];

  const lease = (expiresAtMs: number): string =>
    // The server itself ends a session that waits longer than this in its transaction, and the lock with it.
    `set idle_in_transaction_session_timeout = ${Math.max(1, Math.round(expiresAtMs - Date.now()))}`;
  const open = async (): Promise<number | undefined> => {
    const [row] = await server.openSession<{ pid: number }>(id, {
      sql: `begin; set local lock_timeout = ${GRANT_MS}; ${lease(options.expiresAtMs)};
        lock table ${tables.join(', ')} in ${mode} mode; select pg_backend_pid() as pid`,
    });
    return row?.pid;
  };
  const pid = await open().catch((error: unknown) => {
    throw isSqlState(error, NOT_AVAILABLE)
      ? new ArchipelError(
          'fault-impossible',
          `Statements of the topology hold ${tables.join(', ')}: the lock was not granted within ${GRANT_MS} ms.`,
          'Try again, or choose another table or mode.',
          { cause: error },
        )
      : error;
  });

  /** Whether a caller's statement would be let through now, within the time. */
  const granted = async (withinMs: number): Promise<boolean> => {
    const sql = `begin; set local lock_timeout = ${withinMs}; lock table ${tables[0]} in ${wanted} mode; rollback`;
    try {
      await server.query({ sql, as: 'topology' });
      return true;
    } catch (error) {
      if (isSqlState(error, NOT_AVAILABLE)) return false;
      throw error;
    }
  };
  const sessions = async (): Promise<{ held: boolean; waiting: number }> => {
    const [row] = await server.query<{ held: boolean; waiting: string }>({
      sql: `select exists(select from pg_locks where pid = $1 and granted and relation = $2::regclass) as held,
        (select count(*) from pg_stat_activity where $1 = any(pg_blocking_pids(pid))) as waiting`,
      values: [pid, tables[0]],
    });
    return { held: row?.held === true, waiting: Number(row?.waiting) };
  };

  return {
    async proveEffect() {
      const passes = await granted(100);
      const { held, waiting } = await sessions();
      return {
        holds: held && !passes,
        evidence: `session ${pid} ${held ? 'holds' : 'does not hold'} ${mode} on ${tables.join(', ')}; ${whatIs[wanted]} is ${passes ? 'let through' : 'held up'}; ${waiting} sessions wait`,
      };
    },
    async proveRemoval() {
      const passes = await granted(GRANT_MS);
      const { held } = await sessions();
      return {
        holds: passes && !held,
        evidence: `session ${pid} ${held ? 'still holds' : 'no longer holds'} ${tables.join(', ')}; ${whatIs[wanted]} is ${passes ? 'let through' : 'held up'}`,
      };
    },
    undone: untilAborted(signal).then(() => server.closeSession(id)),
    renew: async (expiresAtMs) => void (await server.inSession(id, { sql: lease(expiresAtMs) })),
  };
};
