import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ArchipelDocument } from '../model/document.ts';
import { createEngine } from './create-engine.ts';
import type { Engine } from './engine.ts';
import { documentOf, edge, node, route, waitStep } from './fixtures.ts';
import type { FaultStatus, NodeStatus } from './types.ts';

let engine: Engine;
beforeEach(async () => {
  engine = await createEngine();
});
afterEach(() => engine.close());

const orders = (): NodeStatus => engine.frame().nodes.orders as NodeStatus;

const shop = (autoscaling: Record<string, unknown> | null): ArchipelDocument =>
  documentOf({
    nodes: [
      node('callers', 'client'),
      node('orders', 'service', {
        routes: [route('/orders', waitStep(20))],
        autoscaling: autoscaling && {
          ...{ maxReplicas: 3, metric: { type: 'in-flight', target: 1 }, syncPeriodMs: 300, warmUpMs: 300 },
          ...autoscaling,
        },
      }),
    ],
    edges: [edge('callers', 'orders', { timeoutMs: 20_000 })],
    scenarios: [
      {
        name: 'busy',
        traffic: [
          { executor: 'constant-arrival-rate', client: 'callers', ratePerSec: 150, routes: [{ path: '/orders' }] },
        ],
      },
    ],
  });

async function start(document: ArchipelDocument): Promise<() => Promise<unknown>> {
  await engine.startTopology(document);
  return () =>
    engine.startTraffic({ scenario: document.scenarios[0] as (typeof document.scenarios)[number], durationMs: null });
}

const inject = (target: { node: string; replica: number }) =>
  engine.injectFault({ fault: 'autoscaler-stuck', target, parameters: {}, leaseMs: 60_000 });
const target = { node: 'orders', replica: 0 };

const proven = (id: string): Promise<FaultStatus> =>
  vi.waitFor(
    () => {
      const status = engine.frame().faults.find((fault) => fault.id === id);
      if (!status?.proofOfEffect) throw new Error('not proven yet');
      return status;
    },
    { timeout: 15_000 },
  );

test('the autoscaler sees the load and changes nothing while it is stuck, and scales as soon as it is free', async () => {
  const load = await start(shop({}));
  const { id, members } = await inject(target);
  expect(members).toEqual([{ node: 'orders', replica: null }]);
  expect((await proven(id)).proofOfEffect).toMatchObject({
    holds: true,
    evidence: expect.stringMatching(/^held at \d+ syncs, .*1 replica before, 1 replica now$/),
  });
  await load();
  await vi.waitFor(() => expect(orders().autoscaler?.recommended).toBeGreaterThan(1), { timeout: 15_000 });
  const atMs = performance.now();
  await vi.waitFor(() => expect(performance.now() - atMs).toBeGreaterThan(1200), { timeout: 15_000 });
  expect(orders()).toMatchObject({ desiredReplicas: 1, autoscaler: { heldBy: `the fault ${id} holds it` } });
  expect(await engine.clearFault({ id })).toMatchObject({
    state: 'off',
    proofOfRemoval: { holds: true, evidence: expect.stringContaining('it syncs again') },
  });
  await vi.waitFor(() => expect(orders().desiredReplicas).toBeGreaterThan(1), { timeout: 15_000 });
  expect((await engine.stopTraffic()).conservation.holds).toBe(true);
});

test('a node that sleeps is not woken up while it is stuck, and then at once for those who wait', async () => {
  const load = await start(shop({ minReplicas: 0, idleBeforeZeroMs: 600, wakeUp: { maxWaitMs: 20_000 } }));
  await vi.waitFor(() => expect(orders().replicas).toHaveLength(0), { timeout: 15_000 });
  const { id } = await inject(target);
  await load();
  await vi.waitFor(() => expect(engine.frame().edges['callers-orders']?.connections).toBe(0), 15_000);
  await proven(id);
  expect(orders().desiredReplicas).toBe(0);
  await engine.clearFault({ id });
  await vi.waitFor(() => expect(engine.frame().traffic?.counts.ok).toBeGreaterThan(0), { timeout: 15_000 });
  await engine.stopTraffic();
});

test('it is refused where there is no autoscaler, and on some of the replicas', async () => {
  await start(shop(null));
  await expect(inject(target)).rejects.toThrow('"orders" has no autoscaler');
  await expect(inject({ node: 'callers', replica: 0 })).rejects.toThrow('cannot act on "callers"');
  const request = { fault: 'autoscaler-stuck', parameters: {}, leaseMs: 1000 };
  await expect(engine.injectFault({ ...request, target: { ...target, select: 'one' } })).rejects.toThrow('as a whole');
  await expect(engine.injectFault({ ...request, target: { edge: 'callers-orders' } })).rejects.toThrow(
    'acts on a node, not on an edge',
  );
  await expect(engine.injectFault({ ...request, target: { topology: true } })).rejects.toThrow('no node in it');
});
