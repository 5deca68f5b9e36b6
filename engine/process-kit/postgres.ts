import type { Pool } from 'pg';
import { CallFailure } from './call-failure.ts';
import { failedLookup } from './lookup.ts';
import { createPolicies } from './policies/policies.ts';
import { type QueryAnswer, runQuery } from './postgres-query.ts';
import { createStatementNames, isRead } from './postgres-statements.ts';
import type { EdgeCalls, WiredEdge } from './protocol.ts';
import { tracer } from './tracing.ts';
import type { Span } from './tracing-span.ts';

/** Which of a database's servers: the one that takes writes, or one of its read replicas. */
export type QueryTarget = 'primary' | 'replica';

/** For whom a query is made. */
export interface QueryCaller {
  /** Default: the primary. */
  target?: QueryTarget;
  span?: Span | undefined;
  /** On the clock of `performance.now()`. */
  deadlineMs: number;
}

/** The calling side of an edge to a database: a pool of connections to each of its servers, and the edge's timeout. */
export interface QueryClient {
  /**
   * Runs SQL. Rejects with a `CallFailure`. The edge's timeout covers the wait for a connection, and a connection on which
   * it ran out is closed. Read replicas take turns, for each attempt anew; where a database has none, its primary answers. Each
   * attempt becomes a child of the span. To the edge's policies a read is what may be repeated; their fallback answers no rows.
   */
  query(sql: string, values?: readonly unknown[], caller?: QueryCaller): Promise<QueryAnswer>;
  /** What its pools and policies did so far, and how they are now; `edgeMeasures` say what the names mean. */
  measure(): Required<Pick<EdgeCalls, 'counters' | 'gauges'>>;
  update(edge: WiredEdge): void;
  /** Resolves when the running queries are over and all connections are closed. */
  close(): Promise<void>;
}

interface PortPool {
  pool: Pool;
  /** What it was opened with; when that changes, another takes its place. */
  key: string;
  running: Set<Promise<unknown>>;
}

let pgModule: typeof import('pg') | undefined;

/** Loaded with the first query: `pg` costs a process more than all the rest of it. Kept: an import that is resolved anew costs a query a tenth of its time. */
const loadPg = async (): Promise<typeof import('pg')> => {
  pgModule ??= await import('pg');
  return pgModule;
};

export function createQueryClient(initial: WiredEdge): QueryClient {
  let edge = initial;
  let closed = false;
  let next = 0;
  const pools = new Map<number, PortPool>();
  const retiring = new Set<Promise<unknown>>();
  const statements = createStatementNames();
  const policies = createPolicies(initial);
  const waits = { poolWaits: 0, poolWaitMs: 0 };

  const keyOf = (): string => JSON.stringify([edge.config.maxConnections, edge.config.timeoutMs, edge.login]);

  const retire = (port: number, { pool, running }: PortPool): void => {
    pools.delete(port);
    // Not before its queries are over: a pool that ends serves nobody who still waits for a connection.
    const ended = Promise.allSettled(running).then(() => pool.end());
    retiring.add(ended);
    void ended.then(() => retiring.delete(ended));
  };

  /** The first replica of a database is its primary. */
  const portOf = (target?: QueryTarget): number => {
    const [primary, ...replicas] = edge.ports;
    if (primary === undefined) throw new CallFailure('refused', edge.id, `${edge.targetId} has no replica`);
    return (target === 'replica' ? replicas[next++ % replicas.length] : undefined) ?? primary;
  };

  const poolFor = (port: number, pg: typeof import('pg')): PortPool => {
    const known = pools.get(port);
    if (known) return known;
    const { config, login } = edge;
    const pool = new pg.Pool({
      host: '127.0.0.1',
      port,
      ...login,
      ssl: false,
      max: config.maxConnections,
      connectionTimeoutMillis: config.timeoutMs,
      // Connections are kept, but never keep the process.
      idleTimeoutMillis: 0,
      allowExitOnIdle: true,
      // PostgreSQL shows it beside each connection (pg_stat_activity).
      application_name: edge.id,
    });
    // A connection that breaks while nobody uses it is no failure of a request; the pool has dropped it already.
    pool.on('error', () => {});
    const opened: PortPool = { pool, key: keyOf(), running: new Set() };
    pools.set(port, opened);
    return opened;
  };

  const onWait = (waitedMs: number): void => {
    waits.poolWaits += 1;
    waits.poolWaitMs += waitedMs;
  };

  const attempt = async (
    sql: string,
    values: readonly unknown[],
    { target, span: parent }: QueryCaller,
    { number, signal }: { number: number; signal?: AbortSignal },
  ): Promise<QueryAnswer> => {
    const pg = pgModule ?? (await loadPg());
    if (closed) throw new CallFailure('cancelled', edge.id, `the edge "${edge.id}" is closed`);
    const lost = failedLookup(edge);
    if (lost) throw lost;
    const port = portOf(target);
    const { pool, running } = poolFor(port, pg);
    const span = tracer.child(parent, 'query', edge, '', sql);
    if (span) Object.assign(span, { port, resend: number - 1 });
    const result = tracer.during(span, async () => {
      const answer = await runQuery({ edge, pool, sql, values, statements, signal, onWait });
      if (span) span.rows = answer.rows.length;
      return answer;
    });
    running.add(result);
    const done = (): void => void running.delete(result);
    result.then(done, done);
    return result;
  };

  return {
    query: (sql, values = [], caller = { deadlineMs: Number.POSITIVE_INFINITY }) =>
      policies.concern(caller.deadlineMs)
        ? policies.execute({
            idempotent: caller.target === 'replica' || isRead(sql),
            deadlineMs: caller.deadlineMs,
            attempt: (which) => attempt(sql, values, caller, which),
            fallback: () => ({ rowCount: 0, columns: [], rows: [] }),
          })
        : attempt(sql, values, caller, { number: 1 }),
    measure() {
      const gauges = { poolSize: 0, poolOpen: 0, poolBusy: 0, poolWaiting: 0 };
      for (const { pool } of pools.values()) {
        gauges.poolSize += pool.options.max;
        gauges.poolOpen += pool.totalCount;
        gauges.poolBusy += pool.totalCount - pool.idleCount;
        gauges.poolWaiting += pool.waitingCount;
      }
      const policed = policies.measure();
      return { counters: { ...waits, ...policed.counters }, gauges: { ...gauges, ...policed.gauges } };
    },
    update(changed) {
      edge = changed;
      policies.update(edge);
      const key = keyOf();
      for (const [port, pool] of pools) if (pool.key !== key || !edge.ports.includes(port)) retire(port, pool);
    },
    async close() {
      closed = true;
      for (const [port, pool] of pools) retire(port, pool);
      await Promise.all(retiring);
    },
  };
}
