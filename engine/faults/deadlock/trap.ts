import { delay } from '../delay.ts';
import type { SqlServer } from '../sql-server.ts';

export interface Trap {
  /** Times that somebody of the topology was caught. */
  readonly caught: () => number;
  /** Pid of the session that holds the rows. */
  readonly pid: number;
  /** Resolves when its sessions are gone from the server. */
  over: Promise<void>;
}

/** Without a victim it lets go of the rows after so long, and takes them again. */
const HELD_MS = 2000;
const LOOK_EVERY_MS = 30;
/** The server itself ends a session that does nothing for so long in its transaction: the engine may have fallen silent. */
const SILENT_MS = 10_000;

/**
 * Locks rows, and as soon as somebody waits for one asks for the whole table, on which whoever changes a row holds a lock
 * already. It looks for deadlocks so late that the other is found first, and ended.
 */
export async function setTrap(
  server: SqlServer,
  {
    id,
    table,
    rows,
    pauseMs,
    signal,
  }: { id: string; table: string; rows: number; pauseMs: number; signal: AbortSignal },
): Promise<Trap> {
  const watch = `${id}-watch`;
  const [opened] = await server.openSession<{ pid: number }>(id, {
    sql: `set deadlock_timeout = '10min'; set idle_in_transaction_session_timeout = ${SILENT_MS}; select pg_backend_pid() as pid`,
  });
  const pid = opened?.pid as number;
  try {
    await server.openSession(watch, { sql: 'select' });
  } catch (error) {
    await server.closeSession(id);
    throw error;
  }
  let caught = 0;

  const somebodyWaits = async (): Promise<boolean> => {
    const [row] = await server.inSession<{ waits: boolean }>(watch, {
      sql: 'select exists(select from pg_stat_activity where $1::int = any(pg_blocking_pids(pid))) as waits',
      values: [pid],
    });
    return row?.waits === true;
  };

  const catchOne = async (): Promise<void> => {
    await server.inSession(id, { sql: `begin; select from ${table} limit ${rows} for update` });
    const untilMs = performance.now() + HELD_MS;
    let waits = await somebodyWaits();
    while (!waits && !signal.aborted && performance.now() < untilMs) {
      await delay(LOOK_EVERY_MS, signal);
      waits = await somebodyWaits();
    }
    if (waits && !signal.aborted) {
      await server.inSession(id, { sql: `lock table ${table} in share mode` });
      caught += 1;
    }
    await server.inSession(id, { sql: 'rollback' });
  };

  const lay = async (): Promise<void> => {
    while (!signal.aborted) {
      await catchOne();
      await delay(pauseMs, signal);
    }
  };
  // Its session may be ended at any time: by us at the end, by the server when it is silent for too long, by other faults.
  const laying = lay().catch(() => {});
  // A session that waits for a lock hears nothing: the server is told to end it.
  const end = async (): Promise<void> => {
    await server.inSession(watch, { sql: 'select pg_terminate_backend($1)', values: [pid] }).catch(() => {});
    await laying;
    await Promise.all([server.closeSession(id), server.closeSession(watch)]);
  };
  const aborted = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  return { pid, caught: () => caught, over: aborted.then(end) };
}
