import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ArchipelDocument } from '../model/document.ts';
import { exists } from '../runtime/operating-system.ts';
import { createEngine } from './create-engine.ts';
import type { Engine } from './engine.ts';
import { documentOf, edge, node, route, waitStep } from './fixtures.ts';
import type { NodeStatus, RunResult } from './types.ts';

let engine: Engine;
const pids = new Set<number>();

beforeEach(async () => {
  engine = await createEngine();
  pids.clear();
});

afterEach(async () => {
  note();
  await engine.close();
  for (const pid of pids) expect(exists(pid)).toBe(false);
});

const orders = (): NodeStatus => engine.frame().nodes.orders as NodeStatus;

function note(): void {
  for (const { replicas } of Object.values(engine.frame().nodes))
    for (const { pid } of replicas) if (pid) pids.add(pid);
}

/** Callers → orders, each request in hand for 20 ms in one of four slots. */
const shop = (config: Record<string, unknown>, ratePerSec = 100): ArchipelDocument =>
  documentOf({
    nodes: [
      node('callers', 'client'),
      node('orders', 'service', { routes: [route('/orders', waitStep(20))], concurrency: 4, ...config }),
    ],
    edges: [edge('callers', 'orders')],
    scenarios: [
      {
        name: 'steady',
        traffic: [
          {
            executor: 'constant-arrival-rate',
            client: 'callers',
            ratePerSec,
            arrivals: 'uniform',
            routes: [{ method: 'GET', path: '/orders' }],
          },
        ],
      },
    ],
  });

async function run(document: ArchipelDocument, during: () => Promise<void>): Promise<RunResult> {
  await engine.startTopology(document);
  const scenario = document.scenarios[0] as ArchipelDocument['scenarios'][number];
  await engine.startTraffic({ scenario, durationMs: null });
  await during();
  note();
  return engine.stopTraffic();
}

const pause = (durationMs: number) => new Promise((resolve) => setTimeout(resolve, durationMs));

describe('by hand', () => {
  test('replicas come and go under load without a lost request', async () => {
    const result = await run(shop({ replicas: 1 }, 200), async () => {
      for (const replicas of [3, 1, 4, 2]) {
        await engine.scaleNode({ node: 'orders', replicas });
        expect(orders()).toMatchObject({ desiredReplicas: replicas });
        expect(orders().replicas.map(({ state, role }) => [state, role])).toEqual(
          Array.from({ length: replicas }, () => ['ready', 'live']),
        );
        await pause(300);
      }
      await pause(500);
    });
    expect(result.traffic.failed + result.traffic.dropped).toBe(0);
    expect(result.conservation.holds).toBe(true);
    const { events, failedCalls } = result.scaling.orders as RunResult['scaling'][string];
    expect(events.map(({ from, to, by }) => [from, to, by])).toEqual([
      [1, 3, 'user'],
      [3, 1, 'user'],
      [1, 4, 'user'],
      [4, 2, 'user'],
    ]);
    expect(events.every(({ atMs, doneAtMs }) => doneAtMs !== null && doneAtMs >= atMs)).toBe(true);
    expect(failedCalls).toBe(0);
  });

  test('a number that the document could not say is refused, and so is a node without replicas', async () => {
    await engine.startTopology(shop({}));
    await expect(engine.scaleNode({ node: 'orders', replicas: 65 })).rejects.toMatchObject({
      code: 'document-invalid',
      errors: [{ path: '$.nodes[1].config.replicas' }],
    });
    await expect(engine.scaleNode({ node: 'callers', replicas: 2 })).rejects.toThrow('always runs as one process');
    await expect(engine.scaleNode({ node: 'nobody', replicas: 2 })).rejects.toThrow('no node "nobody" runs');
    expect(orders().desiredReplicas).toBe(1);
  });

  test('a number set by hand stays when something else in the document changes, until the document says another', async () => {
    await engine.startTopology(shop({ replicas: 1 }));
    await engine.scaleNode({ node: 'orders', replicas: 3 });
    await engine.applyDocument(shop({ replicas: 1, concurrency: 8 }));
    expect(orders()).toMatchObject({ desiredReplicas: 3 });
    expect(orders().replicas).toHaveLength(3);
    await engine.applyDocument(shop({ replicas: 2, concurrency: 8 }));
    expect(orders().replicas).toHaveLength(2);
  });

  test('several changes in a row come to what the last one says', async () => {
    await engine.startTopology(shop({ replicas: 1 }));
    await Promise.all([4, 1, 2].map((replicas) => engine.scaleNode({ node: 'orders', replicas })));
    expect(orders().replicas.map(({ state }) => state)).toEqual(['ready', 'ready']);
  });
});

describe('the autoscaler', () => {
  const autoscaling = {
    minReplicas: 1,
    maxReplicas: 4,
    metric: { type: 'in-flight', target: 2 },
    syncPeriodMs: 300,
    warmUpMs: 500,
    scaleDown: { stabilisationWindowMs: 1500 },
  };

  test('follows the load up and down, and tells how long it took', async () => {
    // 200 requests a second, 20 ms each, are four in hand on average: two replicas of two each, at least.
    const result = await run(shop({ autoscaling }, 200), async () => {
      await vi.waitFor(
        () => expect(orders().replicas.filter(({ state }) => state === 'ready').length).toBeGreaterThan(1),
        {
          timeout: 15_000,
        },
      );
      await vi.waitFor(() => expect(orders().autoscaler?.figures.timeToScaleMs).not.toBeNull(), { timeout: 15_000 });
    });
    expect(result.conservation.holds).toBe(true);
    expect(result.scaling.orders?.events[0]).toMatchObject({ from: 1, by: 'autoscaler', error: null });
    expect(result.scaling.orders?.timeToScaleMs?.mean).toBeGreaterThan(0);
    await vi.waitFor(() => expect(orders().replicas).toHaveLength(1), { timeout: 15_000 });
    expect(orders().autoscaler).toMatchObject({ metric: 'in-flight', target: 2, minReplicas: 1, maxReplicas: 4 });
  });

  test('decides alone: nobody scales beside it, and it never leaves its limits', async () => {
    await engine.startTopology(shop({ replicas: 1, autoscaling: { ...autoscaling, minReplicas: 2 } }));
    expect(orders().replicas).toHaveLength(2);
    await expect(engine.scaleNode({ node: 'orders', replicas: 3 })).rejects.toThrow('scaled by its autoscaler');
    await engine.applyDocument(shop({ replicas: 1, autoscaling: null }));
    expect(orders().replicas).toHaveLength(1);
    await engine.scaleNode({ node: 'orders', replicas: 2 });
  });

  test('scales to zero when nothing is asked, and the next request waits until a replica is there', async () => {
    const toZero = { ...autoscaling, minReplicas: 0, idleBeforeZeroMs: 800 };
    const document = shop({ autoscaling: toZero }, 20);
    await engine.startTopology(document);
    note();
    await vi.waitFor(() => expect(orders().replicas).toHaveLength(0), { timeout: 15_000 });
    expect(orders()).toMatchObject({
      state: 'stopped',
      desiredReplicas: 0,
      reason: expect.stringContaining('wakes it up'),
    });

    const scenario = document.scenarios[0] as ArchipelDocument['scenarios'][number];
    await engine.startTraffic({ scenario, durationMs: 2000 });
    const result = await engine.trafficDone();
    expect(result.traffic.failed + result.traffic.dropped).toBe(0);
    expect(result.traffic.ok).toBeGreaterThan(30);
    const woken = result.scaling.orders?.events.find(({ by }) => by === 'wake-up');
    expect(woken).toMatchObject({ from: 0, to: 1, error: null });
    // The first request waited for the start; all but that are fast.
    expect(result.latencyMs.max).toBeGreaterThan(((woken?.doneAtMs ?? 0) - (woken?.atMs ?? 0)) / 2);
    note();
    await vi.waitFor(() => expect(orders().replicas).toHaveLength(0), { timeout: 15_000 });
  });
});

describe('a host with slots for three', () => {
  const onHost = (config: Record<string, unknown>): ArchipelDocument => {
    const document = shop(config, 200);
    const host = documentOf({
      groups: [
        {
          ...{ id: 'box', kind: 'host', name: 'Box', position: { x: 0, y: 0 } },
          ...{ size: { width: 400, height: 200 }, budget: { slots: 3 } },
        },
      ],
    });
    return { ...document, groups: host.groups, nodes: document.nodes.map((one) => ({ ...one, group: 'box' })) };
  };

  test('takes no third replica beside the callers, by hand or by load, and says why', async () => {
    await engine.startTopology(onHost({ replicas: 1 }));
    await engine.scaleNode({ node: 'orders', replicas: 2 });
    await expect(engine.scaleNode({ node: 'orders', replicas: 3 })).rejects.toThrow(/slots/);
    await engine.stopTopology();

    const autoscaling = { metric: { type: 'in-flight', target: 0.5 }, syncPeriodMs: 300, warmUpMs: 300 };
    await run(onHost({ autoscaling }), async () => {
      await vi.waitFor(() => expect(orders().autoscaler?.heldBy).toContain('"Box" has 3 slots'), { timeout: 15_000 });
      expect(orders().desiredReplicas).toBe(2);
      expect(orders().autoscaler?.recommended).toBeGreaterThan(2);
    });
  });
});
