import type { Pool } from 'pg';
import { CallFailure } from './call-failure.ts';
import { type QueryAnswer, runQuery } from './postgres-query.ts';
import { createStatementNames } from './postgres-statements.ts';
import type { EdgeCalls, WiredEdge } from './protocol.ts';
import { tracer } from './tracing.ts';
import type { Span } from './tracing-span.ts';

/** Which of a database's servers: the one that takes writes, or one of its read replicas. */
export type QueryTarget = 'primary' | 'replica';

/** The calling side of an edge to a database: a pool of connections to each of its servers, and the edge's timeout. */
export interface QueryClient {
  /**
   * Runs SQL. Rejects with a `CallFailure`. The edge's timeout covers the wait for a connection, and a connection on which
   * it ran out is closed. Read replicas take turns; where a database has none, its primary answers. The query becomes a
   * child of the span.
   */
  query(sql: string, values?: readonly unknown[], target?: QueryTarget, parent?: Span): Promise<QueryAnswer>;
  /** What its pools did so far, and how they are now; `poolMeasures` say what the names mean. */
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

/** Loaded with the first query: `pg` costs a process more than all the rest of it. */
const loadPg = (): Promise<typeof import('pg')> => import('pg');

export function createQueryClient(initial: WiredEdge): QueryClient {
  let edge = initial;
  let closed = false;
  let next = 0;
  const pools = new Map<number, PortPool>();
  const retiring = new Set<Promise<unknown>>();
  const statements = createStatementNames();
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
  const portOf = (target: QueryTarget): number => {
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

  return {
    async query(sql, values = [], target = 'primary', parent) {
      const pg = await loadPg();
      if (closed) throw new CallFailure('cancelled', edge.id, `the edge "${edge.id}" is closed`);
      const port = portOf(target);
      const { pool, running } = poolFor(port, pg);
      const span = tracer.child(parent, 'query', edge, '', sql);
      if (span) span.port = port;
      const onWait = (waitedMs: number): void => {
        waits.poolWaits += 1;
        waits.poolWaitMs += waitedMs;
      };
      const result = tracer.during(span, async () => {
        const answer = await runQuery({ edge, pool, sql, values, statements, onWait });
        if (span) span.rows = answer.rows.length;
        return answer;
      });
      running.add(result);
      const done = (): void => void running.delete(result);
      result.then(done, done);
      return result;
    },
    measure() {
      const gauges = { poolSize: 0, poolOpen: 0, poolBusy: 0, poolWaiting: 0 };
      for (const { pool } of pools.values()) {
        gauges.poolSize += pool.options.max;
        gauges.poolOpen += pool.totalCount;
        gauges.poolBusy += pool.totalCount - pool.idleCount;
        gauges.poolWaiting += pool.waitingCount;
      }
      return { counters: { ...waits }, gauges };
    },
    update(changed) {
      edge = changed;
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
