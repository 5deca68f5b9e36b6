import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ArchipelDocument } from '../model/document.ts';
import { createEngine } from './create-engine.ts';
import type { Engine } from './engine.ts';
import { documentOf, edge, node, route } from './fixtures.ts';
import type { FaultStatus, RunResult } from './types.ts';

/* Faults of discovery, and of gateways: what callers count, and what the proofs say. */

let engine: Engine;
beforeEach(async () => {
  engine = await createEngine();
});
afterEach(() => engine.close());

const shop = (gateway: Record<string, unknown> = {}): ArchipelDocument =>
  documentOf({
    nodes: [
      node('visitors', 'client'),
      node('gateway', 'gateway', gateway),
      node('shop', 'service', {
        replicas: 2,
        routes: [route('/items', { do: 'query', edge: 'shop-database', sql: 'select 1' }), route('/other')],
      }),
      node('database', 'database'),
    ],
    edges: [edge('visitors', 'gateway'), edge('gateway', 'shop'), edge('shop', 'database')],
    scenarios: [
      {
        name: 'mixed',
        gracefulStopMs: 3000,
        traffic: [
          {
            executor: 'constant-arrival-rate',
            client: 'visitors',
            ratePerSec: 100,
            routes: [{ path: '/items' }, { path: '/other' }],
          },
        ],
      },
    ],
  });

async function start(document: ArchipelDocument): Promise<void> {
  await engine.startTopology(document);
  const scenario = document.scenarios[0] as (typeof document.scenarios)[number];
  await engine.startTraffic({ scenario, durationMs: null });
  await vi.waitFor(() => expect(engine.frame().traffic?.counts.ok).toBeGreaterThan(5), { timeout: 15_000 });
}

const inject = (fault: string, target: { node: string; replica: number; select?: 'all' }, parameters = {}) =>
  engine.injectFault({ fault, target, parameters, leaseMs: 60_000 });

const proven = (id: string): Promise<FaultStatus> =>
  vi.waitFor(
    () => {
      const status = engine.frame().faults.find((fault) => fault.id === id);
      if (!status?.proofOfEffect) throw new Error('not proven yet');
      return status;
    },
    { timeout: 15_000 },
  );

/** Takes the fault off, with proof, and ends the traffic. */
async function end(id: string): Promise<RunResult> {
  expect(await engine.clearFault({ id })).toMatchObject({ state: 'off', proofOfRemoval: { holds: true } });
  const { ok } = engine.frame().traffic?.counts ?? { ok: 0 };
  await vi.waitFor(() => expect(engine.frame().traffic?.counts.ok).toBeGreaterThan(ok + 10), { timeout: 15_000 });
  const result = await engine.stopTraffic();
  expect(result.conservation.holds).toBe(true);
  return result;
}

test.each([
  ['a client', { node: 'visitors', replica: 0 }, '', 'visitors-gateway'],
  ['a gateway', { node: 'gateway', replica: 0 }, 'gateway-*', 'gateway-shop'],
  ['a service, of its database', { node: 'shop', replica: 0, select: 'all' as const }, 'database', 'shop-database'],
])('discovery-error: calls of %s fail with "dns" at their edge, and no others', async (_, target, pattern, hop) => {
  await start(shop());
  const { id } = await inject('discovery-error', target, { pattern });
  expect((await proven(id)).proofOfEffect).toMatchObject({
    holds: true,
    evidence: expect.stringMatching(/calls did not find their target/),
  });
  const { failures, traffic } = await end(id);
  expect(failures).toEqual([{ reason: 'dns', hop, count: traffic.failed }]);
});

test('quota-429: the gateway lets its quota in, and throttles the rest with Retry-After', async () => {
  await start(shop());
  const { id } = await inject('quota-429', { node: 'gateway', replica: 0 }, { ratePerSec: 5, retryAfterS: 7 });
  expect((await proven(id)).proofOfEffect).toMatchObject({
    holds: true,
    evidence: expect.stringMatching(/^the gateway answered \d+ of \d+ requests with 429$/),
  });
  const port = engine.frame().nodes.gateway?.replicas[0]?.port;
  const { status, headers } = await vi.waitFor(async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/other`);
    if (answer.status !== 429) throw new Error('let in');
    return answer;
  }, 15_000);
  expect([status, headers.get('retry-after'), headers.get('x-archipel-failure-hop')]).toEqual([429, '7', 'gateway']);
  const { failures, traffic } = await end(id);
  expect(failures).toEqual([{ reason: 'throttled', hop: 'gateway', count: traffic.failed }]);
});

test('bad-health-check: a dead replica that counts as healthy draws requests until the fault is off', async () => {
  const healthCheck = { intervalMs: 500, timeoutMs: 500, healthyThreshold: 1, unhealthyThreshold: 1 };
  await start(shop({ balancing: 'least-connections', healthCheck }));
  const killed = await inject('kill', { node: 'shop', replica: 1 }, { graceful: false });
  const out = () => engine.frame().nodes.gateway?.measures.out;
  await vi.waitFor(() => expect(out()).toBe(1), { timeout: 15_000 });
  const failedBefore = engine.frame().traffic?.counts.failed ?? 0;

  const { id } = await inject('bad-health-check', { node: 'gateway', replica: 0 }, { replica: 1 });
  expect((await proven(id)).proofOfEffect).toMatchObject({
    holds: true,
    evidence: expect.stringMatching(/^\d+ checks of replica 1 were reported as healthy, [1-9]\d* of which/),
  });
  await vi.waitFor(() => expect(out()).toBe(0), { timeout: 15_000 });
  // It refuses at once, and so has the fewest connections: the sinkhole takes its share and more.
  await vi.waitFor(() => expect(engine.frame().traffic?.counts.failed).toBeGreaterThan(failedBefore + 20), {
    timeout: 15_000,
  });
  await engine.clearFault({ id });
  await vi.waitFor(() => expect(out()).toBe(1), { timeout: 15_000 });
  const { failures } = await end(killed.id);
  expect(failures.map(({ hop }) => hop)).toEqual(failures.map(() => 'gateway-shop'));
});

test('bad-health-check where nobody checks is not proven, and says so', async () => {
  await start(shop());
  const { id } = await inject('bad-health-check', { node: 'gateway', replica: 0 });
  expect((await proven(id)).proofOfEffect).toMatchObject({
    holds: false,
    evidence: expect.stringContaining('made no active health check'),
  });
  await end(id);
});

/** The part of the last second's requests that a replica of the shop got. */
const shareOf = (replica: number): number => engine.frame().edges['gateway-shop']?.shares?.[replica] ?? 0;
const untilSent = (more: number): Promise<void> => {
  const { ok = 0, failed = 0 } = engine.frame().traffic?.counts ?? {};
  return vi.waitFor(
    () => {
      const now = engine.frame().traffic?.counts;
      expect((now?.ok ?? 0) + (now?.failed ?? 0)).toBeGreaterThan(ok + failed + more);
    },
    { timeout: 15_000 },
  );
};

test('discovery-stale: a replica that is added gets nothing, one that is gone is called still, until the fault is off', async () => {
  await start(shop());
  const { id } = await inject('discovery-stale', { node: 'gateway', replica: 0 });
  const status = () => engine.frame().faults.find((fault) => fault.id === id);
  await engine.scaleNode({ node: 'shop', replicas: 3 });
  await untilSent(60);
  expect([shareOf(0) > 0, shareOf(1) > 0, shareOf(2)]).toEqual([true, true, 0]);
  expect((await proven(id)).proofOfEffect).toMatchObject({
    holds: true,
    evidence: expect.stringMatching(/^1 changed list of addresses held back, [1-9]\d* calls made by the old one/),
  });
  expect(engine.frame().traffic?.counts.failed).toBe(0);

  await engine.scaleNode({ node: 'shop', replicas: 1 });
  await vi.waitFor(() => expect(engine.frame().traffic?.counts.failed).toBeGreaterThan(20), { timeout: 15_000 });
  expect(status()?.state).toBe('on');
  const off = await engine.clearFault({ id });
  expect(off).toMatchObject({
    state: 'off',
    proofOfRemoval: { holds: true, evidence: expect.stringContaining('newest addresses of all its targets') },
  });
  await untilSent(20);
  const failedSoFar = engine.frame().traffic?.counts.failed;
  await untilSent(60);
  expect(engine.frame().traffic?.counts.failed).toBe(failedSoFar);
  const { conservation, failures } = await engine.stopTraffic();
  expect(conservation.holds).toBe(true);
  expect(new Set(failures.map(({ hop }) => hop))).toEqual(new Set(['gateway-shop']));
});

test('discovery-stale: the new list is used when its time to live is over, and where nothing changes nothing is proven', async () => {
  await start(shop());
  const stale = await inject('discovery-stale', { node: 'gateway', replica: 0 }, { ttlMs: 1500 });
  await engine.scaleNode({ node: 'shop', replicas: 3 });
  const fromMs = performance.now();
  await vi.waitFor(() => expect(shareOf(2)).toBeGreaterThan(0), { timeout: 15_000, interval: 20 });
  expect(performance.now() - fromMs).toBeGreaterThan(1200);
  await end(stale.id);
  const { id } = await inject('discovery-stale', { node: 'gateway', replica: 0 });
  expect((await engine.clearFault({ id })).proofOfEffect).toMatchObject({ holds: false });
});
