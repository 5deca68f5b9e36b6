import type { Foreign } from '../../runtime/launch.ts';
import { type Address, type Connection, connect, type Login, WATCHER } from './connection.ts';

const ANSWER_MS = 1500;

/** One row: what PostgreSQL's statistics say of the topology's database and of who is connected to it. */
const FIGURES = `
select stats.xact_commit + stats.xact_rollback as transactions,
  stats.tup_returned as "rowsRead",
  stats.tup_inserted + stats.tup_updated + stats.tup_deleted as "rowsWritten",
  stats.blks_hit as "blocksHit", stats.blks_read as "blocksRead", stats.deadlocks,
  clients.*,
  case when in_recovery then null else
    (select count(*) from pg_stat_replication where state = 'streaming') end as streaming,
  case when in_recovery then pg_last_wal_replay_lsn() >= pg_last_wal_receive_lsn() end as "caughtUp",
  case when in_recovery then extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp()) * 1000 end as "behindMs",
  extract(epoch from clock_timestamp()) * 1000 as "nowMs"
from pg_is_in_recovery() in_recovery, pg_stat_database stats, (
  select count(*) as connections,
    count(*) filter (where state = 'active') as active,
    count(*) filter (where wait_event_type = 'Lock') as "locksWaiting"
  from pg_stat_activity where datname = $1 and usename = $2 and application_name <> '${WATCHER}') clients
where stats.datname = $1`;

const counters = ['transactions', 'rowsRead', 'rowsWritten', 'blocksHit', 'blocksRead', 'deadlocks'] as const;

type Figures = Record<(typeof counters)[number] | 'connections' | 'active' | 'locksWaiting' | 'nowMs', string> & {
  streaming: string | null;
  caughtUp: boolean | null;
  behindMs: string | null;
};

/**
 * Asks a PostgreSQL for its figures, on a connection that is kept. Whatever happens it answers, with what it knows:
 * nothing at all before the first answer, the last figures while the server is silent.
 */
export function createMeasure(options: {
  address: Address;
  /** Who asks. With another database than the topology's, the asking does not count itself. */
  as: Login;
  topology: Login;
  /** Connections that the server takes from the topology, where that is known. */
  maxConnections: number | null;
  signal: AbortSignal;
}): () => Promise<Foreign> {
  const { address, topology, signal } = options;
  let kept: Connection | null = null;
  let asking = false;
  let last: Foreign = {};
  const monotonic = createMonotonic();
  const lag = createLagReader();
  const held = createHeldTimes(options.maxConnections);

  const ask = async (): Promise<Figures | undefined> => {
    const connection = kept?.usable() ? kept : await connect(address, options.as, signal);
    kept = connection;
    connection.unref();
    const timer = setTimeout(connection.destroy, ANSWER_MS);
    try {
      const { rows } = await connection.client.query<Figures>(FIGURES, [topology.database, topology.user]);
      return rows[0];
    } finally {
      clearTimeout(timer);
    }
  };

  const foreign = (figures: Figures): Foreign => {
    const connections = Number(figures.connections);
    const replicationLagMs = lag(figures);
    return {
      counters: {
        ...Object.fromEntries(counters.map((name) => [name, monotonic(name, Number(figures[name]))])),
        ...held(figures),
      },
      gauges: {
        connections,
        active: Number(figures.active),
        locksWaiting: Number(figures.locksWaiting),
        ...(options.maxConnections === null ? {} : { connectionUse: connections / options.maxConnections }),
        ...(figures.streaming === null ? {} : { replicasStreaming: Number(figures.streaming) }),
        ...(replicationLagMs === null ? {} : { replicationLagMs }),
      },
    };
  };

  return async () => {
    if (asking || signal.aborted) return last;
    asking = true;
    try {
      const figures = await ask();
      if (figures) last = foreign(figures);
    } catch {
      // It is down or silent, and its state says so.
    } finally {
      asking = false;
    }
    return last;
  };
}

/** PostgreSQL forgets its statistics in a crash; a counter goes on from where it was. */
function createMonotonic(): (name: string, value: number) => number {
  const known = new Map<string, { base: number; value: number }>();
  return (name, value) => {
    const before = known.get(name) ?? { base: 0, value: 0 };
    const base = value < before.value ? before.base + before.value : before.base;
    known.set(name, { base, value });
    return base + value;
  };
}

/** A silence is not filled in for longer than this. */
const LONGEST_GAP_MS = 3000;

/**
 * Connections, running statements and those that wait for a lock, each times how long: what was seen stands for the time
 * since the look before. From these the limit that binds is told.
 */
function createHeldTimes(maxConnections: number | null): (figures: Figures) => Record<string, number> {
  let lookedAtMs: number | null = null;
  const times = { connectionMs: 0, connectionLimitMs: 0, activeMs: 0, lockWaitMs: 0 };
  return (figures) => {
    const nowMs = performance.now();
    const elapsedMs = Math.min(LONGEST_GAP_MS, nowMs - (lookedAtMs ?? nowMs));
    lookedAtMs = nowMs;
    times.connectionMs += elapsedMs * Number(figures.connections);
    times.connectionLimitMs += elapsedMs * (maxConnections ?? 0);
    times.activeMs += elapsedMs * Number(figures.active);
    times.lockWaitMs += elapsedMs * Number(figures.locksWaiting);
    return { ...times };
  };
}

/**
 * How far a standby is behind what it has received: 0 when it has applied all of it, else the age of the last commit that
 * it applied, but no more than the time since it was last seen to have applied all. Null on a primary.
 */
function createLagReader(): (figures: Pick<Figures, 'caughtUp' | 'behindMs' | 'nowMs'>) => number | null {
  let caughtUpAtMs = Number.NEGATIVE_INFINITY;
  return ({ caughtUp, behindMs, nowMs }) => {
    if (caughtUp === null) return null;
    if (caughtUp) caughtUpAtMs = Number(nowMs);
    if (caughtUp || behindMs === null) return 0;
    return Math.max(0, Math.min(Number(behindMs), Number(nowMs) - caughtUpAtMs));
  };
}
