import { type Address, type Connection, connect } from './connection.ts';
import type { Primary } from './fleet.ts';

/** How long a standby took to apply a commit of its primary. */
export interface ApplyTime {
  /** Null: it had not within the time. */
  appliedMs: number | null;
  /** Whether it had received it by then. */
  received: boolean;
}

const POLL_MS = 2;

/** Commits a marker on the primary, and looks on the standby until it is applied there or the time is over. */
export function createApplyTimer(options: { primary: Primary; standby: Address; signal: AbortSignal }) {
  const { primary, standby, signal } = options;
  const login = { ...primary.superuser, database: 'template1' };
  return async (payload: unknown): Promise<ApplyTime> => {
    const { timeoutMs } = payload as { timeoutMs: number };
    const opened: Connection[] = [];
    try {
      const from = await connect(primary.address, login, signal, {
        settings: '-c default_transaction_read_only=off -c synchronous_commit=on',
      });
      opened.push(from);
      const at = await connect(standby, login, signal);
      opened.push(at);
      // A transactional message is WAL with a commit, and changes nothing.
      await from.client.query("select pg_logical_emit_message(true, 'archipel', 'applied?')");
      const startMs = performance.now();
      const { rows } = await from.client.query<{ lsn: string }>('select pg_current_wal_flush_lsn()::text as lsn');
      const lsn = rows[0]?.lsn;
      for (;;) {
        const { rows: seen } = await at.client.query<ApplyTime & { applied: boolean }>(
          `select coalesce(pg_last_wal_replay_lsn() >= $1::pg_lsn, false) as applied,
             coalesce(pg_last_wal_receive_lsn() >= $1::pg_lsn, false) as received`,
          [lsn],
        );
        const elapsedMs = performance.now() - startMs;
        if (seen[0]?.applied) return { appliedMs: elapsedMs, received: true };
        if (elapsedMs >= timeoutMs) return { appliedMs: null, received: seen[0]?.received ?? false };
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
    } finally {
      await Promise.all(opened.map((connection) => connection.end()));
    }
  };
}
