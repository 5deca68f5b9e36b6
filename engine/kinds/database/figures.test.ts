import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { route } from '../../api/fixtures.ts';
import { until } from './fixtures/database.ts';
import { ledgerDocument, query, type Running, startRunning } from './fixtures/running.fixture.ts';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 });

let running: Running;
beforeAll(async () => {
  running = await startRunning(
    ledgerDocument({}, { edge: { maxConnections: 3 }, routes: [route('/sleep', query('select pg_sleep(0.05)'))] }),
  );
});
afterAll(() => running.end());

/** Sixteen callers, until they are told to stop. Resolves with how often they were answered well. */
function load(path: () => string): { stop(): Promise<number> } {
  let over = false;
  let ok = 0;
  const caller = async (): Promise<void> => {
    while (!over) if ((await running.get(path())) === 200) ok += 1;
  };
  const callers = Array.from({ length: 16 }, caller);
  return {
    async stop() {
      over = true;
      await Promise.all(callers);
      return ok;
    },
  };
}

it('tell what PostgreSQL does, how long its callers wait for it, and what each caller holds', async () => {
  let id = 0;
  const writing = load(() => {
    id += 1;
    return `/write/${id}`;
  });
  await until('the figures show the load', () => {
    const { measures, p50Ms } = running.db();
    return (
      (measures.rowsWritten ?? 0) > 20 &&
      (measures.transactions ?? 0) > 20 &&
      (measures.cacheHitRatio ?? 0) > 0.5 &&
      measures.connections === 3 &&
      p50Ms !== null
    );
  });
  const { measures, p50Ms, p99Ms } = running.db();
  expect(measures.connectionUse).toBeCloseTo(3 / 100);
  expect(measures).toMatchObject({ locksWaiting: 0, deadlocks: 0, replicationLag: null });
  expect(p99Ms).toBeGreaterThanOrEqual(p50Ms as number);
  // Each edge is a caller: its connections are those of the pool.
  expect(running.engine.frame().edges['shop-db']).toMatchObject({ connections: 3 });
  const written = await writing.stop();
  expect(written).toBeGreaterThan(20);
  await until('PostgreSQL tells nothing of a load that is over', () => running.db().measures.transactions === 0);
});

it('say that the pool of the edge binds when requests wait for its connections', async () => {
  const sleeping = load(() => '/sleep');
  await until('the pool is told as the limit, with what it does', () => {
    const { nodes, edges } = running.engine.frame();
    const measures = edges['shop-db']?.measures ?? {};
    return (
      nodes.shop?.limit?.limit === 'pool' &&
      nodes.shop.limit.edge === 'shop-db' &&
      measures['pool-busy'] === 3 &&
      (measures['pool-waiting'] ?? 0) > 3 &&
      // Sixteen at three places of 50 ms: those who wait, wait for several turns.
      (measures['pool-wait'] ?? 0) > 50
    );
  });
  await sleeping.stop();
});
