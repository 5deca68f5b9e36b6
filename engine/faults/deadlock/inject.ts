import type { z } from 'zod';
import { ArchipelError } from '../../model/error.ts';
import type { Injector, Measurement, ProcessTarget } from '../inject.ts';
import { isSqlState, primaryServer, type SqlServer, tablesOf } from '../sql-server.ts';
import type { deadlockDefinition } from './definition.ts';
import { setTrap } from './trap.ts';

type Parameters = z.output<(typeof deadlockDefinition)['parameters']>;

const DEADLOCK = '40P01';
/** Longer than PostgreSQL takes to find a deadlock. */
const TRIES_MS = 3000;
const TRIES = 3;

export const injectDeadlock: Injector<ProcessTarget, Parameters> = async (target, parameters, { id, signal }) => {
  const server = await primaryServer(target);
  const found = await tableWithRows(server, await tablesOf(server, parameters.table));
  const { table, change } = found;
  const trap = await setTrap(server, { id, table, rows: parameters.rows, pauseMs: parameters.pauseMs, signal });

  /** What becomes of a transaction of the topology that changes a row and takes it back. */
  const transaction = async (): Promise<'deadlock' | 'done' | 'other'> => {
    try {
      await server.query({
        sql: `begin; set local statement_timeout = ${TRIES_MS}; ${change}; rollback`,
        as: 'topology',
      });
      return 'done';
    } catch (error) {
      return isSqlState(error, DEADLOCK) ? 'deadlock' : 'other';
    }
  };

  return {
    async proveEffect(): Promise<Measurement> {
      let outcome = await transaction();
      for (let tried = 1; tried < TRIES && outcome !== 'deadlock'; tried += 1) outcome = await transaction();
      return {
        holds: outcome === 'deadlock',
        evidence: `a transaction of the topology that changes a row of ${table} ${outcome === 'deadlock' ? `was ended by a deadlock (SQLSTATE ${DEADLOCK})` : outcome === 'done' ? 'was let through' : 'did not end in time'}; session ${trap.pid} has caught ${trap.caught()} so far`,
      };
    },
    async proveRemoval(): Promise<Measurement> {
      const outcome = await transaction();
      const [row] = await server.query<{ left: boolean }>({
        sql: 'select exists(select from pg_stat_activity where pid = $1) as left',
        values: [trap.pid],
      });
      return {
        holds: outcome === 'done' && row?.left === false,
        evidence: `session ${trap.pid} is ${row?.left === false ? 'gone' : 'still there'}, after ${trap.caught()} deadlocks; a transaction that changes a row of ${table} ${outcome === 'done' ? 'is let through' : 'is not let through'}`,
      };
    },
    undone: trap.over,
  };
};

/** The first of the tables that has rows, with a statement that changes one of them to what it is. */
async function tableWithRows(server: SqlServer, tables: readonly string[]): Promise<{ table: string; change: string }> {
  for (const table of tables) {
    const [row] = await server.query<{ column: string | null; filled: boolean }>({
      sql: `select exists(select from ${table}) as filled,
        (select quote_ident(attname) from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped
          and attgenerated = '' and attidentity <> 'a' order by attnum limit 1) as column`,
      values: [table],
    });
    if (row?.filled && row.column)
      return {
        table,
        change: `update ${table} set ${row.column} = ${row.column} where ctid = (select ctid from ${table} limit 1)`,
      };
  }
  throw new ArchipelError(
    'fault-impossible',
    `There are no rows to lock in ${tables.join(', ')}.`,
    'Let the schema of the node put some in, or name another table.',
  );
}
