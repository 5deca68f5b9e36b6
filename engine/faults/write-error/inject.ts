import type { z } from 'zod';
import type { Injector, ProcessTarget } from '../inject.ts';
import { isSqlState, primaryServer, tablesOf } from '../sql-server.ts';
import { untilAborted } from '../until-aborted.ts';
import type { writeErrorDefinition } from './definition.ts';
import { breakWrites, mendWrites, setFailure } from './failing-tables.ts';

type Parameters = z.output<(typeof writeErrorDefinition)['parameters']>;

/** What PostgreSQL says and means by it. */
const errors = {
  'disk-full': { sqlState: '53100', message: 'could not extend file: No space left on device' },
  'io-error': { sqlState: '58030', message: 'could not write to file: Input/output error' },
} as const;

const BUSY_MS = 5000;
/** Of a share of the writes, so many tries show some that fail. */
const TRIES = 500;

export const injectWriteError: Injector<ProcessTarget, Parameters> = async (target, parameters, options) => {
  const { error, percent } = parameters;
  const server = await primaryServer(target);
  const tables = await tablesOf(server, parameters.table);
  const probed = tables[0] as string;
  const { sqlState, message } = errors[error];
  const set = (expiresAtMs: number): Promise<void> => setFailure(server, { sqlState, message, percent, expiresAtMs });

  /** Whether a statement of the topology that writes no row fails with this error. */
  const fails = async (): Promise<boolean> => {
    try {
      await server.query({ sql: `delete from ${probed} where false`, as: 'topology' });
      return false;
    } catch (cause) {
      if (isSqlState(cause, sqlState)) return true;
      throw cause;
    }
  };

  try {
    await set(options.expiresAtMs);
    await breakWrites(server, tables, BUSY_MS);
  } catch (cause) {
    await mendWrites(server, BUSY_MS).catch(() => {});
    throw cause;
  }

  return {
    async proveEffect() {
      let tried = 1;
      let failed = await fails();
      while (!failed && percent < 100 && tried < TRIES) {
        tried += 1;
        failed = await fails();
      }
      // Throws where it is not answered.
      await server.query({ sql: `select from ${probed} limit 1`, as: 'topology' });
      return {
        holds: failed,
        evidence: `${failed ? `write ${tried} into ${probed} failed (SQLSTATE ${sqlState})` : `none of ${tried} writes into ${probed} failed`}, a read is answered`,
      };
    },
    async proveRemoval() {
      const failed = await fails();
      return {
        holds: !failed,
        evidence: `a write into ${probed} ${failed ? `still fails (SQLSTATE ${sqlState})` : 'is taken'}`,
      };
    },
    undone: untilAborted(options.signal).then(() => mendWrites(server, BUSY_MS)),
    renew: set,
  };
};
