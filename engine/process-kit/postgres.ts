import type { Pool, PoolClient, QueryResult } from 'pg';
import { CallFailure } from './call-failure.ts';
import { reasonOfPostgresError } from './postgres-failure.ts';
import type { WiredEdge } from './protocol.ts';

/** The calling side of an edge to a database: connections that are kept open, and the edge's timeout. */
export interface QueryClient {
  /**
   * Runs SQL and resolves with the number of rows that it returned or changed. Rejects with a `CallFailure`.
   * The edge's timeout covers the wait for a connection, and a connection on which it ran out is closed.
   */
  query(sql: string, values?: readonly string[]): Promise<number>;
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

/** Texts that come from a document's routes are few; more than this many are not worth a prepared statement each. */
const PREPARED_LIMIT = 500;

/** Loaded with the first query: `pg` costs a process more than all the rest of it. */
const loadPg = (): Promise<typeof import('pg')> => import('pg');

export function createQueryClient(initial: WiredEdge): QueryClient {
  let edge = initial;
  let closed = false;
  let next = 0;
  const pools = new Map<number, PortPool>();
  const retiring = new Set<Promise<unknown>>();
  const statements = createStatementNames();

  const keyOf = (): string => JSON.stringify([edge.config, edge.login]);

  const retire = (port: number, { pool, running }: PortPool): void => {
    pools.delete(port);
    // Not before its queries are over: a pool that ends serves nobody who still waits for a connection.
    const ended = Promise.allSettled(running).then(() => pool.end());
    retiring.add(ended);
    void ended.then(() => retiring.delete(ended));
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
      application_name: 'archipel',
    });
    // A connection that breaks while nobody uses it is no failure of a request; the pool has dropped it already.
    pool.on('error', () => {});
    const opened: PortPool = { pool, key: keyOf(), running: new Set() };
    pools.set(port, opened);
    return opened;
  };

  return {
    async query(sql, values = []) {
      const pg = await loadPg();
      if (closed) throw new CallFailure('cancelled', edge.id, `the edge "${edge.id}" is closed`);
      const port = edge.ports[next++ % edge.ports.length];
      if (port === undefined) throw new CallFailure('refused', edge.id, `${edge.targetId} has no replica`);
      const { pool, running } = poolFor(port, pg);
      const result = runQuery({ edge, pool, sql, values, statements });
      running.add(result);
      const done = (): void => void running.delete(result);
      result.then(done, done);
      return result;
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

function runQuery(options: {
  edge: WiredEdge;
  pool: Pool;
  sql: string;
  values: readonly string[];
  statements: StatementNames;
}): Promise<number> {
  const { edge, pool, sql, values, statements } = options;
  return new Promise((resolve, reject) => {
    let client: PoolClient | undefined;
    let over = false;
    const onError = (): void => {};

    const end = (closeConnection: boolean): void => {
      over = true;
      clearTimeout(timer);
      client?.off('error', onError);
      client?.release(closeConnection);
    };
    const timer = setTimeout(() => {
      end(true);
      reject(new CallFailure('timeout', edge.id, `no answer to the query within ${edge.config.timeoutMs} ms`));
    }, edge.config.timeoutMs);
    const fail = (error: Error): void => {
      if (over) return;
      const reason = reasonOfPostgresError(error);
      end(reason !== 'handler-error' || isStale(error));
      reject(new CallFailure(reason, reason === 'handler-error' ? edge.targetId : edge.id, error.message));
    };

    const send = (name: string | undefined): void => {
      client?.query(
        { name, text: sql, values: [...values], rowMode: 'array' },
        (error: Error | null, result: QueryResult | QueryResult[]) => {
          if (over) return;
          if (error && name !== undefined && isSeveralStatements(error)) {
            // PostgreSQL says so before it has run any of them.
            statements.refuse(sql);
            return send(undefined);
          }
          if (error) return fail(error);
          end(false);
          resolve([result].flat().reduce((rows, { rowCount }) => rows + (rowCount ?? 0), 0));
        },
      );
    };

    pool.connect((error, connected) => {
      if (over) return connected?.release();
      if (error || !connected) return fail(error ?? new Error('no connection'));
      client = connected;
      client.on('error', onError);
      send(statements.nameOf(sql));
    });
  });
}

interface StatementNames {
  /** Undefined for what cannot be prepared. */
  nameOf(sql: string): string | undefined;
  refuse(sql: string): void;
}

function createStatementNames(): StatementNames {
  const names = new Map<string, string | undefined>();
  return {
    nameOf(sql) {
      if (!names.has(sql) && names.size < PREPARED_LIMIT) names.set(sql, `archipel-${names.size}`);
      return names.get(sql);
    },
    refuse: (sql) => void names.set(sql, undefined),
  };
}

const codeOf = (error: Error): unknown => (error as { code?: unknown }).code;

const isSeveralStatements = (error: Error): boolean =>
  codeOf(error) === '42601' && /multiple commands/.test(error.message);

/** A prepared statement whose tables have changed since: the next connection prepares it anew. */
const isStale = (error: Error): boolean => codeOf(error) === '0A000' || codeOf(error) === '26000';
