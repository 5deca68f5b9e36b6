import type { Injector, ProcessTarget } from '../inject.ts';
import { isSqlState, primaryServer } from '../sql-server.ts';
import { untilAborted } from '../until-aborted.ts';

const READ_ONLY = '25006';
const DEADLINE_MS = 2000;
const POLL_MS = 10;

export const injectReadOnly: Injector<ProcessTarget, Record<string, never>> = async (
  target,
  _parameters,
  { signal },
) => {
  const server = await primaryServer(target);
  const set = async (sql: string): Promise<void> => {
    // Each on its own: ALTER SYSTEM is refused in a transaction, as which several statements run.
    await server.query({ sql });
    await server.query({ sql: 'select pg_reload_conf()' });
  };
  const reset = (): Promise<void> => set('alter system reset default_transaction_read_only');

  /** Whether the topology may write: it makes a table, and takes that back. */
  const writes = async (): Promise<boolean> => {
    try {
      await server.query({ sql: 'begin; create table archipel_written (); rollback', as: 'topology' });
      return true;
    } catch (error) {
      if (isSqlState(error, READ_ONLY)) return false;
      throw error;
    }
  };
  const reads = async (): Promise<boolean> =>
    (await server.query({ sql: 'select from pg_class limit 1', as: 'topology' })).length === 1;
  /** The server reads its settings anew a moment after it was told. */
  const becomes = async (wanted: boolean): Promise<boolean> => {
    for (const deadline = performance.now() + DEADLINE_MS; performance.now() < deadline; ) {
      if ((await writes()) === wanted) return true;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    return false;
  };

  try {
    await set('alter system set default_transaction_read_only = on');
  } catch (error) {
    await reset().catch(() => {});
    throw error;
  }

  return {
    async proveEffect() {
      const refused = await becomes(false);
      const answered = await reads();
      return {
        holds: refused && answered,
        evidence: `a write is ${refused ? `refused (SQLSTATE ${READ_ONLY})` : 'taken'}, a read is ${answered ? 'answered' : 'not answered'}`,
      };
    },
    async proveRemoval() {
      const taken = await becomes(true);
      return { holds: taken, evidence: `a write is ${taken ? 'taken' : `still refused (SQLSTATE ${READ_ONLY})`}` };
    },
    undone: untilAborted(signal).then(reset),
  };
};
