import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ArchipelDocument } from '../model/document.ts';
import { exists } from '../runtime/operating-system.ts';
import { createEngine } from './create-engine.ts';
import type { Engine } from './engine.ts';
import { documentOf, edge, node, route, waitStep } from './fixtures.ts';
import type { DeployStatus, NodeStatus, RunResult } from './types.ts';

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

function note(): void {
  for (const { replicas } of Object.values(engine.frame().nodes))
    for (const { pid } of replicas) if (pid) pids.add(pid);
}

const orders = (): NodeStatus => engine.frame().nodes.orders as NodeStatus;
const pause = (durationMs: number) => new Promise((resolve) => setTimeout(resolve, durationMs));

const versions = [
  { name: 'v1' },
  { name: 'v2' },
  { name: 'failing', behaviour: { type: 'errors', ratio: 0.5 } },
  { name: 'slow', behaviour: { type: 'slow', factor: 20 } },
  { name: 'leaking', behaviour: { type: 'leak', mbPerSec: 100, limitMb: 60 } },
  { name: 'stillborn', behaviour: { type: 'fails-to-start' } },
];

/** Callers → gateway → orders and users; the callers also reach orders directly. */
const shop = (strategy: Record<string, unknown>, config: Record<string, unknown> = {}): ArchipelDocument =>
  documentOf({
    nodes: [
      node('callers', 'client'),
      node('gateway', 'gateway', {
        rules: [
          { pathPrefix: '/orders', edge: 'gateway-orders' },
          { pathPrefix: '/users', edge: 'gateway-users' },
        ],
      }),
      node('orders', 'service', {
        replicas: 2,
        routes: [route('/orders', waitStep(2)), route('/direct', waitStep(2))],
        versions,
        deployment: { strategy, pipeline: { timeScale: 0 } },
        ...config,
      }),
      node('users', 'service', { routes: [route('/users', waitStep(2))] }),
    ],
    edges: [edge('callers', 'gateway'), edge('callers', 'orders'), edge('gateway', 'orders'), edge('gateway', 'users')],
    scenarios: [
      {
        name: 'steady',
        traffic: [
          {
            executor: 'constant-arrival-rate',
            client: 'callers',
            ratePerSec: 300,
            arrivals: 'uniform',
            routes: [
              { path: '/orders', edge: 'callers-gateway' },
              { path: '/users', edge: 'callers-gateway' },
              { path: '/direct', edge: 'callers-orders' },
            ],
          },
        ],
      },
    ],
  });

async function run(document: ArchipelDocument, during: () => Promise<void>): Promise<RunResult> {
  await engine.startTopology(document);
  note();
  const scenario = document.scenarios[0] as ArchipelDocument['scenarios'][number];
  await engine.startTraffic({ scenario, durationMs: null });
  await pause(1000);
  await during();
  note();
  return engine.stopTraffic();
}

const deploy = (version: string): Promise<DeployStatus> => engine.deploy({ node: 'orders', version, wait: true });

const serving = () => orders().replicas.map(({ version, role, state }) => `${version} ${role} ${state}`);

describe.each([
  { type: 'rolling' },
  { type: 'blue-green' },
  { type: 'canary', steps: [{ weight: 0.3, durationMs: 1200 }] },
  { type: 'shadow', durationMs: 1200, promote: true },
] as const)('a good version, $type', (strategy) => {
  test('takes over in new processes, without a failed request', async () => {
    const result = await run(shop(strategy), async () => {
      const before = orders().replicas.map(({ pid }) => pid);
      const status = await deploy('v2');
      expect(status).toMatchObject({ state: 'done', from: 'v1', version: 'v2', rollback: null, error: null });
      expect(status.leadTimeMs).toBeGreaterThan(0);
      expect(status.processes).toEqual({ started: 2, stopped: 2 });
      expect(orders().version).toBe('v2');
      expect(serving()).toEqual(['v2 live ready', 'v2 live ready']);
      for (const { pid } of orders().replicas) expect(before).not.toContain(pid);
      await pause(500);
    });
    expect(result.traffic.failed + result.traffic.dropped).toBe(0);
    expect(result.conservation.holds).toBe(true);
    expect(result.deploys).toHaveLength(1);
    expect(result.deploys[0]?.impact).toMatchObject({ failed: 0, affectedRoutes: [], blastRadius: 0, routes: 3 });
  });
});

test('recreate leaves a gap in which its routes fail, and only those', async () => {
  const result = await run(shop({ type: 'recreate' }), async () => {
    // A start from the pool takes some milliseconds: too short a gap to be sure that a request falls into it.
    const parameters = { readyDelayMs: 500, scope: 'node', restart: false };
    await engine.injectFault({
      fault: 'slow-start',
      target: { node: 'orders', replica: 0 },
      parameters,
      leaseMs: 20_000,
    });
    expect(await deploy('v2')).toMatchObject({ state: 'done' });
    await pause(500);
  });
  const impact = result.deploys[0]?.impact;
  expect(impact?.failed).toBeGreaterThan(0);
  expect(impact?.affectedRoutes.toSorted()).toEqual(['GET /direct', 'GET /orders']);
  expect(impact?.blastRadius).toBeCloseTo(2 / 3);
  expect(result.routes['GET /users']?.failed).toBe(0);
});

describe('a canary', () => {
  const canary = (weight: number, durationMs: number) => ({ type: 'canary', steps: [{ weight, durationMs }] });

  test('gets its share of the requests, from gateways and clients alike', async () => {
    await run(shop(canary(0.25, 5000)), async () => {
      const over = deploy('v2');
      await vi.waitFor(() => expect(serving()).toContain('v2 canary ready'), { timeout: 15_000, interval: 20 });
      const answers = await Promise.all(
        Array.from({ length: 400 }, async () =>
          (await fetch(`http://127.0.0.1:${engine.frame().nodes.gateway?.replicas[0]?.port}/orders`)).json(),
        ),
      );
      const number = orders().replicas.find(({ role }) => role === 'canary')?.replica;
      const share = answers.filter(({ replica }) => replica === number).length / answers.length;
      // Smooth weighted round-robin is exact; the requests of the traffic take turns with these.
      expect(share).toBeGreaterThan(0.15);
      expect(share).toBeLessThan(0.35);
      expect(await over).toMatchObject({ state: 'done' });
      const seen = (await over).analysis?.requests ?? 0;
      // 200 of 300 a second go to orders, and a quarter of them to the canary, besides ours.
      expect(seen).toBeGreaterThan(100);
    });
  });

  test('that fails is rolled back by itself, and hurts only its share', async () => {
    const result = await run(shop(canary(0.1, 10_000)), async () => {
      const status = await deploy('failing');
      expect(status).toMatchObject({ state: 'rolled-back', rollback: { by: 'analysis' }, leadTimeMs: null });
      expect(status.rollback?.reason).toMatch(/^it failed \d+ of \d+ requests/);
      expect(status.rollback?.durationMs).toBeGreaterThan(0);
      expect(serving()).toEqual(['v1 live ready', 'v1 live ready']);
      // What failed before the rollback is told by the client's next frames.
      await pause(700);
      const failedBefore = engine.frame().traffic?.counts.failed;
      await pause(700);
      expect(engine.frame().traffic?.counts.failed).toBe(failedBefore);
    });
    const { impact } = result.deploys[0] as DeployStatus;
    expect(impact?.failed).toBeGreaterThan(0);
    expect((impact?.failed ?? 0) / (impact?.requests ?? 1)).toBeLessThan(0.2);
    expect(result.conservation.holds).toBe(true);
  });

  test('that is too slow is rolled back after its step', async () => {
    const strategy = { ...canary(0.2, 1500), analysis: { maxP99Ms: 25 } };
    await run(shop(strategy), async () => {
      const status = await deploy('slow');
      expect(status.rollback?.reason).toMatch(/^its p99 was \d+(\.\d+)? ms, and 25 ms is allowed$/);
      expect(status.analysis?.p99Ms).toBeGreaterThan(30);
    });
  });

  test('that dies is rolled back with the reason', async () => {
    await run(shop(canary(0.2, 20_000)), async () => {
      const status = await deploy('leaking');
      expect(status).toMatchObject({ state: 'rolled-back', rollback: { by: 'failure' } });
      expect(status.rollback?.reason).toContain('exit code 137');
    });
  });
});

test('a shadow gets a copy of each request, and users never meet its failures', async () => {
  const result = await run(shop({ type: 'shadow', durationMs: 10_000 }), async () => {
    const status = await deploy('failing');
    expect(status).toMatchObject({ state: 'rolled-back', rollback: { by: 'analysis' } });
    expect(status.analysis?.errorRatio).toBeGreaterThan(0.2);
  });
  expect(result.traffic.failed).toBe(0);
  expect(result.conservation.holds).toBe(true);
});

test('a version that does not start is never met by anybody, and the reason is told', async () => {
  const result = await run(shop({ type: 'rolling' }), async () => {
    const status = await deploy('stillborn');
    expect(status).toMatchObject({ state: 'rolled-back', rollback: { by: 'failure' } });
    expect(status.rollback?.reason).toContain('version stillborn does not start');
    expect(serving()).toEqual(['v1 live ready', 'v1 live ready']);
  });
  expect(result.traffic.failed).toBe(0);
});

test('the user rolls back what has taken over, while it builds, and in its middle', async () => {
  await run(shop({ type: 'rolling' }), async () => {
    await deploy('failing');
    expect(orders().version).toBe('failing');
    const status = await engine.rollBack({ node: 'orders' });
    expect(status).toMatchObject({ state: 'rolled-back', rollback: { by: 'user' } });
    expect(serving()).toEqual(['v1 live ready', 'v1 live ready']);
    expect(orders().version).toBe('v1');
  });
  await engine.stopTopology();

  await engine.startTopology(
    shop(
      { type: 'canary', steps: [{ weight: 0.5, durationMs: 60_000 }] },
      { deployment: { pipeline: { timeScale: 1 } } },
    ),
  );
  const building = await engine.deploy({ node: 'orders', version: 'v2' });
  expect(building).toMatchObject({
    state: 'building',
    pipeline: { modules: 1, modelledMs: 120_000, waitedMs: 120_000 },
  });
  expect(await engine.rollBack({ node: 'orders' })).toMatchObject({ state: 'rolled-back', rolloutAtMs: null });
  await engine.applyDocument(shop({ type: 'canary', steps: [{ weight: 0.5, durationMs: 60_000 }] }));
  await engine.deploy({ node: 'orders', version: 'v2' });
  await vi.waitFor(() => expect(serving()).toContain('v2 canary ready'), { timeout: 15_000, interval: 20 });
  await expect(engine.deploy({ node: 'orders', version: 'v2' })).rejects.toThrow('a deploy of "orders" is under way');
  await expect(engine.scaleNode({ node: 'orders', replicas: 3 })).rejects.toThrow('a deploy of "orders" is under way');
  await engine.rollBack({ node: 'orders' });
  expect(serving()).toEqual(['v1 live ready', 'v1 live ready']);
});

test('edits and a stop reach a topology in the middle of a deploy', async () => {
  const strategy = { type: 'canary', steps: [{ weight: 0.5, durationMs: 60_000 }] };
  await engine.startTopology(shop(strategy));
  await engine.deploy({ node: 'orders', version: 'v2' });
  await vi.waitFor(() => expect(serving()).toContain('v2 canary ready'), { timeout: 15_000, interval: 20 });
  await engine.applyDocument(shop(strategy, { replicas: 3 }));
  expect(orders().replicas).toHaveLength(3);
  expect(orders().desiredReplicas).toBe(3);
  await engine.rollBack({ node: 'orders' });
  expect(serving()).toEqual(['v1 live ready', 'v1 live ready', 'v1 live ready']);
  await engine.deploy({ node: 'orders', version: 'v2' });
  await vi.waitFor(() => expect(serving()).toContain('v2 canary ready'), { timeout: 15_000, interval: 20 });
  note();
  await engine.stopTopology();
  expect(engine.frame().topology).toBe('stopped');
});

test('what cannot be deployed is refused, with what could be', async () => {
  await engine.startTopology(shop({ type: 'rolling' }));
  await expect(deploy('v9')).rejects.toThrow('"orders" has no version "v9"');
  await expect(deploy('v1')).rejects.toThrow('"orders" runs version "v1" already');
  await expect(engine.deploy({ node: 'gateway', version: 'v2' })).rejects.toThrow('which has no versions');
  await expect(engine.rollBack({ node: 'orders' })).rejects.toThrow('nothing was deployed to "orders"');
});
