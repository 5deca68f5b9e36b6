import type { Pool, PoolClient, QueryResult } from 'pg';
import { CallFailure } from './call-failure.ts';
import { reasonOfPostgresError, wordsOfPostgresError } from './postgres-failure.ts';
import { isSeveralStatements, isStale, type StatementNames } from './postgres-statements.ts';
import type { WiredEdge } from './protocol.ts';

/** What a query gave. Of several statements the rows are those of the last. */
export interface QueryAnswer {
  /** Rows that it returned or changed, of all its statements. */
  rowCount: number;
  columns: string[];
  /** Values in the order of the columns. */
  rows: unknown[][];
}

/** Runs SQL on a connection of the pool. The edge's timeout covers the wait for one, and closes the one on which it runs out. */
export function runQuery(options: {
  edge: WiredEdge;
  pool: Pool;
  sql: string;
  values: readonly unknown[];
  statements: StatementNames;
  /** Nobody waits for it any more. Its connection is closed; what PostgreSQL has begun, it finishes. */
  signal: AbortSignal | undefined;
  /** How long it waited for a connection that others held. Only where it had to. */
  onWait(waitedMs: number): void;
}): Promise<QueryAnswer> {
  const { edge, pool, sql, values, statements, signal } = options;
  const { timeoutMs, maxConnections, keepAlive } = edge.config;
  return new Promise((resolve, reject) => {
    let client: PoolClient | undefined;
    let over = false;
    // The pool hands out what is free in the next turn: those who came first in this one are before us.
    const free = pool.idleCount + maxConnections - pool.totalCount - pool.waitingCount;
    const waitsSinceMs = free > 0 ? null : performance.now();
    const onError = (): void => {};

    const endWait = (): void => {
      if (waitsSinceMs !== null) options.onWait(performance.now() - waitsSinceMs);
    };
    const end = (closeConnection: boolean): void => {
      over = true;
      clearTimeout(timer);
      signal?.removeEventListener('abort', giveUp);
      client?.off('error', onError);
      client?.release(closeConnection);
    };
    const timer = setTimeout(() => {
      const what =
        client || waitsSinceMs === null
          ? 'no answer to the query'
          : `none of the ${maxConnections} connections of the pool came free`;
      if (!client) endWait();
      end(true);
      reject(new CallFailure('timeout', edge.id, `${what} within ${timeoutMs} ms`));
    }, timeoutMs);
    const giveUp = (): void => {
      if (!client) endWait();
      end(true);
      reject(new CallFailure('cancelled', edge.id, 'nobody waits for the query any more'));
    };
    signal?.addEventListener('abort', giveUp, { once: true });
    const fail = (error: Error): void => {
      if (over) return;
      const reason = reasonOfPostgresError(error);
      end(reason !== 'handler-error' || isStale(error));
      reject(
        new CallFailure(reason, reason === 'handler-error' ? edge.targetId : edge.id, wordsOfPostgresError(error)),
      );
    };

    const send = (name: string | undefined): void => {
      client?.query(
        { name, text: sql, values: [...values], rowMode: 'array' },
        (error: Error | null, result: QueryResult<unknown[]> | QueryResult<unknown[]>[]) => {
          if (over) return;
          if (error && name !== undefined && isSeveralStatements(error)) {
            statements.refuse(sql);
            return send(undefined);
          }
          if (error) return fail(error);
          end(!keepAlive);
          resolve(answerOf([result].flat()));
        },
      );
    };

    pool.connect((error, connected) => {
      if (over) return connected?.release();
      endWait();
      if (error || !connected) return fail(error ?? new Error('no connection'));
      client = connected;
      client.on('error', onError);
      send(statements.nameOf(sql));
    });
  });
}

function answerOf(results: QueryResult<unknown[]>[]): QueryAnswer {
  const last = results[results.length - 1];
  return {
    rowCount: results.reduce((rows, { rowCount }) => rows + (rowCount ?? 0), 0),
    columns: last?.fields.map(({ name }) => name) ?? [],
    rows: last?.rows ?? [],
  };
}
