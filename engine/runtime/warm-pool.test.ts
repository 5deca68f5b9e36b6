import { once } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createEngine } from '../api/create-engine.ts';
import type { Engine } from '../api/engine.ts';
import { documentOf, edge, node, route } from '../api/fixtures.ts';
import { createEnvironment } from './environment.ts';
import { exists } from './operating-system.ts';
import { createWarmPool, type WarmPool, warmProcesses } from './warm-pool.ts';

const watched = new Set<number>();
const everWatched: number[] = [];
let pool: WarmPool;

const poolOf = (freeMemory?: () => number): WarmPool =>
  createWarmPool({
    environment: createEnvironment('warm-pool-test'),
    freeMemory,
    onSpawn(pid) {
      watched.add(pid);
      everWatched.push(pid);
    },
    onGone: (pid) => void watched.delete(pid),
  });

beforeEach(() => {
  everWatched.length = 0;
  watched.clear();
});

afterEach(async () => {
  await pool.stop();
  for (const pid of everWatched) expect(exists(pid)).toBe(false);
  expect(watched.size).toBe(0);
});

const until = (ready: number) => vi.waitFor(() => expect(pool.ready).toBe(ready), { timeout: 20_000, interval: 20 });

test('nothing waits before it is asked to, then as many as wanted and no more', async () => {
  pool = poolOf();
  expect(pool.take('any')).toBeNull();
  expect(everWatched).toEqual([]);
  pool.keep(2, 'when quiet');
  await until(2);
  await new Promise((resolve) => setTimeout(resolve, 1300));
  expect(everWatched).toHaveLength(2);
});

test('an idle process that is killed is replaced', async () => {
  pool = poolOf();
  pool.keep(1, 'when quiet');
  await until(1);
  process.kill(everWatched[0] as number, 'SIGKILL');
  await until(0);
  await until(1);
  expect(everWatched).toHaveLength(2);
  expect(watched).toEqual(new Set([everWatched[1]]));
});

test('as many as a document needs come one after the other at once, and those too many go', async () => {
  pool = poolOf();
  pool.keep(5, 'at once');
  await until(5);
  pool.keep(2, 'at once');
  await until(2);
  await vi.waitFor(() => expect(watched.size).toBe(2), { timeout: 15_000, interval: 20 });
  pool.hold();
  const taken = pool.take('service');
  if (!taken) throw new Error('Two were ready.');
  expect(taken.pid).toBe(everWatched[0]);
  const gone = once(taken, 'exit');
  taken.kill('SIGKILL');
  await gone;
  watched.delete(everWatched[0] as number);
  expect(pool.ready).toBe(1);
});

test('no more wait than a part of the free memory holds', async () => {
  pool = poolOf(() => 3 * 60 * 2 ** 20 + 1);
  pool.keep(50, 'at once');
  await until(3);
  pool.hold();
});

test('the number of idle processes is a setting, and bounded', () => {
  pool = poolOf();
  expect(['0', '3', '99', '-1', 'many', undefined].map((text) => warmProcesses({ ARCHIPEL_WARM_POOL: text }))).toEqual([
    0, 3, 64, 0, 2, 2,
  ]);
});

test('a replica that is added to a running topology becomes of an idle process, and works as any other', async () => {
  pool = poolOf();
  const engine: Engine = await createEngine();
  const pids: number[] = [];
  const document = (replicas: number) =>
    documentOf({
      nodes: [node('gateway', 'gateway', {}), node('orders', 'service', { replicas, routes: [route('/orders')] })],
      edges: [edge('gateway', 'orders')],
    });
  const replicas = () => engine.frame().nodes.orders?.replicas ?? [];
  try {
    await engine.startTopology(document(1));
    expect(replicas()[0]?.start?.warm).toBe(false);
    await vi.waitFor(() => expect(engine.frame().idleProcesses).toBe(2), { timeout: 30_000, interval: 50 });
    await engine.applyDocument(document(2));
    expect(replicas()[1]).toMatchObject({ state: 'ready', start: { warm: true } });
    // The place of the one that was taken is filled again.
    await vi.waitFor(() => expect(engine.frame().idleProcesses).toBe(2), { timeout: 30_000, interval: 50 });
    pids.push(...replicas().flatMap(({ pid }) => pid ?? []));
    const port = engine.frame().nodes.gateway?.replicas[0]?.port;
    const answers = await Promise.all(
      Array.from({ length: 4 }, async () => (await fetch(`http://127.0.0.1:${port}/orders`)).json()),
    );
    expect(new Set(answers.map(({ replica }) => replica))).toEqual(new Set([0, 1]));
  } finally {
    await engine.close();
  }
  for (const pid of pids) expect(exists(pid)).toBe(false);
});
