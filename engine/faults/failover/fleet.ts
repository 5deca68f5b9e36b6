import { ArchipelError } from '../../model/error.ts';
import { delay } from '../delay.ts';
import type { ProcessTarget } from '../inject.ts';
import { isStandby, sqlServer } from '../sql-server.ts';

const PROMOTE_WITHIN_S = 20;
const FOLLOWS_WITHIN_MS = 20_000;
const POLL_MS = 20;

/** A standby that has become the primary. */
export interface Promoted {
  server: ProcessTarget;
  timeline: number;
  /** The transactions that it knows, as PostgreSQL writes a snapshot, when nobody had written to it yet. */
  snapshot: string;
}

/** Those of its node that run and follow somebody. */
export async function standbysOf(target: ProcessTarget): Promise<ProcessTarget[]> {
  const running = target.siblings().filter((sibling) => sibling.pid() !== null);
  const follow = await Promise.all(running.map((sibling) => isStandby(sibling).catch(() => false)));
  return running.filter((_, index) => follow[index]);
}

/** The one that has received most of what the primary has written. Throws when there is none. */
export async function furthest(standbys: readonly ProcessTarget[]): Promise<ProcessTarget> {
  const received = await Promise.all(
    standbys.map(async (standby) => {
      const [row] = await sqlServer(standby).query<{ bytes: string }>({
        sql: "select greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()) - '0/0'::pg_lsn as bytes",
      });
      return { standby, bytes: Number(row?.bytes ?? 0) };
    }),
  );
  const [best] = received.sort((a, b) => b.bytes - a.bytes);
  if (best) return best.standby;
  throw new ArchipelError('fault-impossible', 'No read replica could take over.', 'Give the node read replicas.');
}

/** Ends its following: it applies what it has received, and takes writes. */
export async function promote(standby: ProcessTarget): Promise<Promoted> {
  const server = sqlServer(standby);
  const [row] = await server.query<{ promoted: boolean }>({
    sql: `select pg_promote(true, ${PROMOTE_WITHIN_S}) as promoted`,
  });
  if (!row?.promoted)
    throw new ArchipelError(
      'internal',
      `Replica ${standby.replica} of "${standby.nodeId}" was not promoted within ${PROMOTE_WITHIN_S} s.`,
      'Look at its log.',
    );
  // The first eight digits of the name of a file of WAL are its timeline.
  const [known] = await server.query<{ snapshot: string; file: string }>({
    sql: 'select pg_current_snapshot()::text as snapshot, pg_walfile_name(pg_current_wal_lsn()) as file',
  });
  return {
    server: standby,
    timeline: Number.parseInt(known?.file.slice(0, 8) ?? '0', 16),
    snapshot: known?.snapshot ?? '',
  };
}

/** Commits something on a server that changes nothing. Throws where it takes no writes. */
export const commitOn = async (target: ProcessTarget): Promise<void> =>
  void (await sqlServer(target).query({ sql: "select pg_logical_emit_message(true, 'archipel', 'written?')" }));

/** Transactions that a server has committed and that a snapshot of another one does not know. */
export async function committedBeyond(target: ProcessTarget, snapshot: string): Promise<number> {
  const [row] = await sqlServer(target).query<{ lost: number }>({
    sql: `select count(*)::int as lost
      from generate_series(pg_snapshot_xmin($1::pg_snapshot)::text::bigint,
        pg_snapshot_xmax(pg_current_snapshot())::text::bigint - 1) as id
      where pg_xact_status(id::text::xid8) = 'committed' and not pg_visible_in_snapshot(id::text::xid8, $1::pg_snapshot)`,
    values: [snapshot],
  });
  return row?.lost ?? 0;
}

/** Read replicas of a primary that receive what it writes, by their numbers. */
export async function followersOf(primary: ProcessTarget): Promise<number[]> {
  const rows = await sqlServer(primary).query<{ name: string }>({
    sql: "select application_name as name from pg_stat_replication where state = 'streaming'",
  });
  return rows.map(({ name }) => Number(name.replace('replica_', '')));
}

/** Waits until a server has all that the primary had written when it was asked. */
export async function untilFollows(primary: ProcessTarget, standby: ProcessTarget): Promise<void> {
  const server = sqlServer(primary);
  const [now] = await server.query<{ lsn: string }>({ sql: 'select pg_current_wal_flush_lsn()::text as lsn' });
  const never = new AbortController().signal;
  for (const untilMs = performance.now() + FOLLOWS_WITHIN_MS; ; ) {
    const rows = await server.query({
      sql: "select 1 from pg_stat_replication where application_name = $1 and state = 'streaming' and flush_lsn >= $2::pg_lsn",
      values: [`replica_${standby.replica}`, now?.lsn],
    });
    if (rows.length > 0) return;
    if (performance.now() > untilMs)
      throw new ArchipelError(
        'internal',
        `Replica ${standby.replica} of "${standby.nodeId}" did not come to follow replica ${primary.replica} within ${FOLLOWS_WITHIN_MS} ms.`,
        'Look at the logs of both.',
      );
    await delay(POLL_MS, never);
  }
}

/** Lets others follow a new primary. One that cannot is left as it is, and its state tells. */
export async function gather(primary: ProcessTarget, standbys: readonly ProcessTarget[]): Promise<void> {
  for (const standby of standbys) {
    await primary.call('keep-for', { replica: standby.replica });
    await standby.call('follow', { replica: primary.replica }).catch(() => {});
  }
}
