import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createEngine } from './create-engine.ts';
import type { Engine } from './engine.ts';
import { documentOf, edge, node, route } from './fixtures.ts';
import type { FaultStatus } from './types.ts';

/* Faults on HTTP edges of a running topology: what callers count, and what the proofs say. */

const document = documentOf({
  nodes: [
    node('visitors', 'client'),
    node('gateway', 'gateway'),
    node('shop', 'service', {
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
          ratePerSec: 60,
          routes: [{ path: '/items' }, { path: '/other' }],
        },
      ],
    },
  ],
});
const scenario = document.scenarios[0] as (typeof document.scenarios)[number];

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine();
  await engine.startTopology(document);
}, 120_000);
afterAll(() => engine.close());

const proven = async (id: string): Promise<FaultStatus> =>
  vi.waitFor(
    () => {
      const status = engine.frame().faults.find((fault) => fault.id === id);
      if (!status?.proofOfEffect) throw new Error('not proven yet');
      return status;
    },
    { timeout: 15_000 },
  );

const target = { edge: 'gateway-shop' };

test.each([
  [
    'http-error',
    { status: 500, path: '/items' },
    { reason: 'handler-error', hop: 'gateway-shop' },
    /requests answered with an error/,
  ],
  [
    'http-body',
    { path: '/items' },
    { reason: 'reset', hop: 'visitors-gateway' },
    /requests answered with a body that the edge had changed/,
  ],
])(
  '%s: the client counts the failures with their reason at the edge, and both proofs hold',
  async (fault, parameters, reason, evidence) => {
    await engine.startTraffic({ scenario, durationMs: null });
    await vi.waitFor(() => expect(engine.frame().traffic?.counts.ok).toBeGreaterThan(5), { timeout: 15_000 });
    const { id } = await engine.injectFault({ fault, target: { edge: reason.hop }, parameters, leaseMs: 60_000 });
    const { proofOfEffect } = await proven(id);
    expect(proofOfEffect).toMatchObject({ holds: true, evidence: expect.stringMatching(evidence) });
    expect(await engine.clearFault({ id })).toMatchObject({ state: 'off', proofOfRemoval: { holds: true } });
    const { traffic, conservation, failures } = await engine.stopTraffic();
    expect(conservation).toMatchObject({ holds: true });
    expect(traffic.failed).toBeGreaterThan(0);
    expect(failures).toEqual([{ ...reason, count: traffic.failed }]);
  },
);

test('http-delay: the proof tells how long requests were held; a ramp brings it up', async () => {
  await engine.startTraffic({ scenario, durationMs: null });
  const { id } = await engine.injectFault({
    fault: 'http-delay',
    target,
    parameters: { delayMs: 120, method: 'GET' },
    rampMs: 300,
    leaseMs: 60_000,
  });
  const { proofOfEffect } = await proven(id);
  expect(proofOfEffect).toMatchObject({
    holds: true,
    evidence: expect.stringMatching(/held back by the edge, for 1\d\d/),
  });
  expect(await engine.clearFault({ id })).toMatchObject({ proofOfRemoval: { holds: true } });
  expect((await engine.stopTraffic()).traffic.failed).toBe(0);
});

test('without a request that matches, the effect is not proven, and the evidence says why', async () => {
  const { id } = await engine.injectFault({ fault: 'http-error', target, parameters: {}, leaseMs: 60_000 });
  const { proofOfEffect } = await proven(id);
  expect(proofOfEffect).toMatchObject({ holds: false, evidence: expect.stringContaining('none of 0 requests') });
  expect(await engine.clearFault({ id })).toMatchObject({ proofOfRemoval: { holds: true } });
});

test('an edge that carries no HTTP is refused, and left out where a fault is meant for everything', async () => {
  const request = { fault: 'http-error', parameters: {}, leaseMs: 60_000 };
  await expect(engine.injectFault({ ...request, target: { edge: 'shop-database' } })).rejects.toThrow(
    /"http-error" understands http, and edge "shop-database" carries postgres/,
  );
  const { id, members } = await engine.injectFault({ ...request, target: { topology: true } });
  expect(members).toEqual([{ edge: 'visitors-gateway' }, { edge: 'gateway-shop' }]);
  await engine.clearFault({ id });
});
