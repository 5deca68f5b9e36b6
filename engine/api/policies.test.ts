import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ArchipelDocument } from '../model/document.ts';
import { createEngine } from './create-engine.ts';
import type { Engine } from './engine.ts';
import { documentOf, edge, node, route, waitStep } from './fixtures.ts';
import type { RunResult } from './types.ts';

/* Policies between real processes, through real links, as the engine tells of them. */

let engine: Engine;
beforeEach(async () => {
  engine = await createEngine();
});
afterEach(() => engine.close());

const traffic = (ratePerSec = 40) => ({
  name: 'steady',
  gracefulStopMs: 3000,
  traffic: [
    { executor: 'constant-arrival-rate', client: 'client', ratePerSec, arrivals: 'uniform', routes: [{ path: '/' }] },
  ],
});

/** Client → shop → auth; both edges and auth's answer as given. */
const chain = (clientEdge: object, shopEdge: object, ...authSteps: unknown[]): ArchipelDocument =>
  documentOf({
    nodes: [
      node('client', 'client'),
      node('shop', 'service', { routes: [route('/', { do: 'call', edge: 'shop-auth', path: '/check' })] }),
      node('auth', 'service', { routes: [route('/check', ...authSteps)] }),
    ],
    edges: [edge('client', 'shop', { ...clientEdge }), edge('shop', 'auth', { ...shopEdge })],
    scenarios: [traffic()],
  });

async function run(document: ArchipelDocument, durationMs = 1500): Promise<RunResult> {
  await engine.startTopology(document);
  const [scenario] = document.scenarios;
  if (!scenario) throw new Error('no scenario');
  await engine.startTraffic({ scenario, durationMs });
  return engine.trafficDone();
}

test('retries show as attempts per request, live and in the result, and the accounts add up', async () => {
  // Auth never answers in time: each request takes its two attempts.
  const shopEdge = {
    timeoutMs: 60,
    retries: { maxAttempts: 2, backoff: { type: 'fixed', delayMs: 1 }, on: ['timeout'] },
  };
  const document = chain({ timeoutMs: 10_000 }, shopEdge, waitStep(5000));
  const running = run(document);
  await vi.waitFor(
    () => expect(engine.frame().edges['shop-auth']?.measures.amplification).toBeGreaterThan(1.2),
    15_000,
  );
  const { traffic: counts, edges, failures, conservation } = await running;
  expect(conservation.holds).toBe(true);
  expect(counts.ok).toBe(0);
  expect(failures).toEqual([{ reason: 'timeout', hop: 'shop-auth', count: counts.issued }]);
  expect(edges['shop-auth']).toMatchObject({
    requests: counts.issued,
    errors: counts.issued,
    measures: { amplification: 2, attempts: 2 * counts.issued, retries: counts.issued },
  });
  expect(edges['client-shop']?.measures).toEqual({});
});

test('a breaker that opens shows on its edge, and its rejections are told upstream with their hop', async () => {
  const circuitBreaker = { trip: { type: 'consecutive', failures: 3 }, openMs: 60_000 };
  const result = await run(chain({ timeoutMs: 10_000 }, { timeoutMs: 60, circuitBreaker }, waitStep(5000)));
  expect(engine.frame().edges['shop-auth']?.measures).toMatchObject({ breaker: 2, 'breaker-opened': 1 });
  const rejected = result.edges['shop-auth']?.measures['breaker-rejected'] ?? 0;
  expect(rejected).toBeGreaterThan(0);
  expect(result.failures).toEqual(
    expect.arrayContaining([{ reason: 'breaker-open', hop: 'shop-auth', count: rejected }]),
  );
  expect(result.edges['shop-auth']?.measures.amplification).toBeLessThan(1);
  expect(result.conservation.holds).toBe(true);
});

test('a fallback on an inner edge keeps the outer one up', async () => {
  const fallback = { status: 200, body: '{"user":"guest"}' };
  const result = await run(chain({ timeoutMs: 10_000 }, { timeoutMs: 60, fallback }, waitStep(5000)));
  expect(result.traffic).toMatchObject({ ok: result.traffic.issued, failed: 0 });
  expect(result.edges['shop-auth']?.measures.fallbacks).toBe(result.traffic.issued);
});

test('a deadline that is told on keeps work from being done that nobody waits for', async () => {
  const slowShop = (clientEdge: Record<string, unknown>): ArchipelDocument =>
    documentOf({
      nodes: [
        node('client', 'client'),
        node('gate', 'gateway'),
        node('shop', 'service', {
          routes: [route('/', waitStep(300), { do: 'call', edge: 'shop-auth', path: '/check' })],
        }),
        node('auth', 'service', { routes: [route('/check')] }),
      ],
      edges: [edge('client', 'gate', clientEdge), edge('gate', 'shop', clientEdge), edge('shop', 'auth')],
      scenarios: [traffic()],
    });
  const told = await run(slowShop({ timeoutMs: 100, propagateDeadline: true }));
  expect(told.traffic.ok).toBe(0);
  expect(told.nodes.auth?.requests).toBe(0);
  expect(told.conservation.holds).toBe(true);
  await engine.stopTopology();

  const untold = await run(slowShop({ timeoutMs: 100 }));
  expect(untold.traffic.ok).toBe(0);
  expect(untold.nodes.auth?.requests).toBeGreaterThan(0);
});
