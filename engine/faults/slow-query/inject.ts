import type { z } from 'zod';
import { ArchipelError } from '../../model/error.ts';
import type { Injector, ProcessTarget } from '../inject.ts';
import { isSqlState, primaryServer, type SqlServer, tablesOf } from '../sql-server.ts';
import { undelayed } from '../undelayed.ts';
import { untilAborted } from '../until-aborted.ts';
import type { slowQueryDefinition } from './definition.ts';
import { setSlowness, slowDown, speedUp } from './slow-tables.ts';

type Parameters = z.output<(typeof slowQueryDefinition)['parameters']>;

/** A proof of a long delay does not wait for its end. */
const LOOK_MS = 2000;
const BUSY_MS = 5000;
const CANCELLED = '57014';

export const injectSlowQuery: Injector<ProcessTarget, Parameters> = async (target, parameters, options) => {
  const { delayMs, work } = parameters;
  const server = await primaryServer(target);
  const tables = await tablesOf(server, parameters.table);
  const probed = await firstWithRows(server, tables);
  const set = (expiresAtMs: number): Promise<void> => setSlowness(server, { delayMs, work, expiresAtMs });

  /** The time of a statement of the topology on the table. Null: longer than a look. */
  const statementMs = async (): Promise<number | null> => {
    try {
      const [row] = await server.query<{ ms: number }>({
        sql: `begin; set local statement_timeout = ${LOOK_MS}; set local lock_timeout = ${LOOK_MS};
          do $$ begin perform from ${probed} limit 1; end $$;
          select extract(epoch from clock_timestamp() - transaction_timestamp())::float8 * 1000 as ms; commit`,
        as: 'topology',
      });
      return row?.ms ?? null;
    } catch (error) {
      if (isSqlState(error, CANCELLED)) return null;
      throw error;
    }
  };

  const beforeMs = await statementMs();
  try {
    await set(options.expiresAtMs);
    await slowDown(server, tables, BUSY_MS);
  } catch (error) {
    await speedUp(server, BUSY_MS).catch(() => {});
    throw error;
  }

  return {
    async proveEffect() {
      const duringMs = await statementMs();
      return {
        holds: beforeMs !== null && (duringMs === null || duringMs - beforeMs >= 0.5 * delayMs),
        evidence: `a statement on ${probed}: ${inMs(beforeMs)} → ${inMs(duringMs)} (expected + ${delayMs} ms)`,
      };
    },
    proveRemoval: () =>
      undelayed(async () => {
        const afterMs = await statementMs();
        return {
          answered: afterMs !== null,
          holds: afterMs !== null && afterMs < (beforeMs ?? 0) + Math.max(5, 0.5 * delayMs),
          evidence: `a statement on ${probed}: ${inMs(beforeMs)} before, ${inMs(afterMs)} after`,
        };
      }),
    // Statements that are in the middle of it hold their table for as long as they take.
    undone: untilAborted(options.signal).then(() => speedUp(server, delayMs + BUSY_MS)),
    renew: set,
  };
};

/** Where the effect can be measured. */
async function firstWithRows(server: SqlServer, tables: readonly string[]): Promise<string> {
  for (const table of tables) {
    const rows = await server.query({ sql: `select from ${table} limit 1` });
    if (rows.length > 0) return table;
  }
  throw new ArchipelError(
    'fault-impossible',
    `${tables.join(', ')}: there is no row yet, so no read would be slowed.`,
    'Give the node seed rows, or put the fault on when there are some.',
  );
}

const inMs = (ms: number | null): string => (ms === null ? `not within ${LOOK_MS} ms` : `${ms.toFixed(1)} ms`);
