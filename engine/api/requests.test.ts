import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEngine } from './create-engine.ts';
import type { Engine } from './engine.ts';
import { documentOf, edge, node, route, waitStep } from './fixtures.ts';
import { createCaller } from './router.ts';

const document = documentOf({
  nodes: [
    node('users', 'client'),
    node('gateway', 'gateway'),
    node('orders', 'service', {
      routes: [route('/orders/:id', waitStep(5)), { method: 'POST', path: '/orders', steps: [waitStep(1)] }],
    }),
    node('cache', 'cache'),
  ],
  edges: [edge('users', 'gateway'), edge('gateway', 'orders', { timeoutMs: 600 }), edge('orders', 'cache')],
  scenarios: [
    {
      name: 'steady',
      traffic: [
        {
          ...{ executor: 'constant-arrival-rate', client: 'users', ratePerSec: 50, arrivals: 'uniform' },
          routes: [{ path: '/orders/:id', parameters: [{ name: 'id' }] }],
        },
      ],
    },
  ],
});

let engine: Engine;
const call = () => createCaller({ engine, initialPath: null }).requests.send;
const plain = { method: 'GET' as const, headers: {}, body: '' };

beforeAll(async () => {
  engine = await createEngine();
  await engine.configureTracing({ ratio: 0, otlpUrl: null });
  await engine.startTopology(document);
}, 30_000);
afterAll(() => engine.close());

describe('a request by hand', () => {
  it('goes through the link to its target, is answered, and leaves a trace whatever is sampled', async () => {
    const before = engine.frame().edges['users-gateway']?.upstreamBytes ?? 0;
    const sent = await call()({ edge: 'users-gateway', path: '/orders/7?full=1', headers: { 'x-wish': 'gift' } });
    expect(sent).toMatchObject({ status: 200, failure: null, edge: 'users-gateway', replica: 0 });
    expect(sent.durationMs).toBeGreaterThan(4);
    expect(sent.bodyBytes).toBe(Buffer.byteLength(sent.body ?? ''));
    await expect
      .poll(() => engine.trace(sent.traceId ?? '').map(({ nodeId }) => nodeId), { timeout: 10_000 })
      .toEqual(['users', 'users', 'gateway', 'gateway', 'orders']);
    await expect
      .poll(() => engine.frame().edges['users-gateway']?.upstreamBytes ?? 0, { timeout: 10_000 })
      .toBeGreaterThan(before + 'GET /orders/7?full=1'.length);
  });

  it('takes a body along', async () => {
    const sent = await call()({ edge: 'gateway-orders', method: 'POST', path: '/orders', body: 'x'.repeat(5000) });
    expect(sent).toMatchObject({ status: 200, failure: null });
  });

  it('tells why it failed, where, and what was answered all the same', async () => {
    const sent = await call()({ edge: 'users-gateway', path: '/nowhere' });
    expect(sent).toMatchObject({ status: 404, failure: { reason: 'no-route', hop: 'orders' } });
  });

  it('meets the faults of its edge', async () => {
    const { id } = await engine.injectFault({
      ...{ fault: 'latency', target: { edge: 'gateway-orders' }, parameters: { latencyMs: 5000 }, leaseMs: 20_000 },
    });
    const sent = await call()({ edge: 'gateway-orders', path: '/orders/1' });
    await engine.clearFault({ id });
    expect(sent).toMatchObject({ status: null, failure: { reason: 'timeout', hop: 'gateway-orders' } });
    expect(sent.durationMs).toBeGreaterThanOrEqual(590);
  });

  it('is none of the traffic that runs beside it', async () => {
    const scenario = document.scenarios[0] as (typeof document.scenarios)[number];
    await engine.startTraffic({ scenario, durationMs: 1500 });
    for (let turn = 0; turn < 5; turn += 1) await call()({ edge: 'users-gateway', path: '/nowhere' });
    const { traffic, conservation } = await engine.trafficDone();
    expect(conservation.holds).toBe(true);
    expect(traffic).toMatchObject({ failed: 0, dropped: 0 });
    expect(traffic.issued).toBeGreaterThan(60);
  });

  it('is refused with what can be done where it cannot be sent', async () => {
    await expect(call()({ edge: 'ghost', path: '/' })).rejects.toMatchObject({
      cause: { code: 'not-found', nextStep: 'Use one of "users-gateway", "gateway-orders".' },
    });
    await expect(call()({ edge: 'orders-cache', path: '/' })).rejects.toThrow(/speaks redis/);
    const { id } = await engine.injectFault({
      ...{ fault: 'kill', target: { node: 'users', replica: 0 }, parameters: {}, leaseMs: 20_000 },
    });
    await expect(call()({ edge: 'users-gateway', path: '/' })).rejects.toThrow(/No process of "users" is ready/);
    await engine.clearFault({ id });
  });

  it('is refused whole with all that is wrong with it', async () => {
    const error = await call()({
      ...{ edge: 'users-gateway', path: 'orders#1' },
      headers: { 'bad name': 'x', Host: 'elsewhere', ok: 'line\nbreak' },
    }).catch((problem: Error) => problem);
    const text = String(error);
    for (const part of ['must start with', 'bad name', 'is set by the sender itself', 'line breaks'])
      expect(text).toContain(part);
  });
});

it('is refused where nothing runs', async () => {
  const idle = await createEngine();
  try {
    await expect(idle.sendRequest({ ...plain, edge: 'users-gateway', path: '/' })).rejects.toThrow(/No topology runs/);
  } finally {
    await idle.close();
  }
});
