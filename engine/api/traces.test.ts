import { get } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createEngine } from './create-engine.ts';
import type { Engine } from './engine.ts';
import { documentOf, edge, node, route, waitStep } from './fixtures.ts';
import type { TraceSpan, TraceSummary } from './types.ts';

let engine: Engine;

beforeEach(async () => {
  engine = await createEngine();
});
afterEach(() => engine.close());

const portOf = (nodeId: string): number => engine.frame().nodes[nodeId]?.replicas[0]?.port as number;

/** Asks a node from outside, and resolves with the status of the answer. */
const ask = (nodeId: string, path: string, headers: Record<string, string> = {}): Promise<number> =>
  new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port: portOf(nodeId), path, headers, agent: false }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
    }).on('error', reject);
  });

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const caller = (flags: string) => ({ traceparent: `00-${traceId}-00f067aa0ba902b7-${flags}` });

/** The spans of a trace, once there are that many. */
async function spansOf(id: string, count: number): Promise<TraceSpan[]> {
  await expect
    .poll(() => engine.traces({}).traces.find((trace) => trace.traceId === id)?.spans, { timeout: 30_000 })
    .toBe(count);
  return engine.trace(id);
}
const shape = (spans: readonly TraceSpan[]) => spans.map(({ nodeId, kind, name }) => `${nodeId} ${kind} ${name}`);

/**
 * Every span but the first is the child of one that is there, and begins within it. Within a process it ends within it, too; a
 * server may learn that its answer was sent after the caller has read it.
 */
function expectNested(spans: readonly TraceSpan[]): void {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  expect(byId.size).toBe(spans.length);
  const endMs = ({ startedAtMs, durationMs }: TraceSpan): number => startedAtMs + durationMs;
  for (const span of spans.slice(1)) {
    const parent = byId.get(span.parentSpanId ?? '') as TraceSpan;
    expect(parent, `parent of ${span.nodeId} ${span.name}`).toBeDefined();
    expect(span.startedAtMs).toBeGreaterThanOrEqual(parent.startedAtMs);
    expect(span.startedAtMs).toBeLessThanOrEqual(endMs(parent));
    if (span.pid === parent.pid) expect(endMs(span)).toBeLessThanOrEqual(endMs(parent) + 0.001);
  }
}

const shop = (...steps: unknown[]) =>
  documentOf({
    nodes: [node('gateway', 'gateway'), node('orders', 'service', { routes: [route('/orders/:id', ...steps)] })],
    edges: [edge('gateway', 'orders')],
  });

test('the trace of a caller from outside goes on through gateway and service', async () => {
  await engine.startTopology(shop(waitStep(5)));
  expect(await ask('gateway', '/orders/7?full=1', caller('01'))).toBe(200);
  const spans = await spansOf(traceId, 3);
  expect(shape(spans)).toEqual(['gateway server GET', 'gateway client GET', 'orders server GET /orders/:id']);
  expectNested(spans);
  expect(spans[0]).toMatchObject({ parentSpanId: '00f067aa0ba902b7', remoteParent: true, error: null });
  expect(spans[2]?.durationMs).toBeGreaterThan(4);
  expect(spans[2]?.attributes).toMatchObject({
    'http.request.method': 'GET',
    'url.path': '/orders/7',
    'url.query': 'full=1',
    'http.route': '/orders/:id',
    'http.response.status_code': 200,
  });
  expect(spans[1]?.attributes).toMatchObject({ 'archipel.edge': 'gateway-orders', 'service.peer.name': 'orders' });
});

test('of a failed request everything is there, although nothing is sampled', async () => {
  await engine.configureTracing({ ratio: 0, otlpUrl: null });
  await engine.startTopology(
    documentOf({
      nodes: [
        node('gateway', 'gateway'),
        node('orders', 'service', {
          routes: [
            route(
              '/orders',
              { do: 'call', edge: 'orders-users', path: '/users' },
              { do: 'call', edge: 'orders-auth', path: '/nowhere' },
            ),
          ],
        }),
        node('users', 'service', { routes: [route('/users')] }),
        node('auth', 'service', { routes: [route('/auth')] }),
      ],
      edges: [edge('gateway', 'orders'), edge('orders', 'users'), edge('orders', 'auth')],
    }),
  );
  expect(await ask('users', '/users')).toBe(200);
  expect(await ask('gateway', '/orders')).toBe(404);
  await expect.poll(() => engine.traces({}).traces[0]?.spans, { timeout: 30_000 }).toBe(7);
  const [summary, ...others] = engine.traces({}).traces;
  // The request to users alone went well: nothing of it is kept.
  expect(others).toEqual([]);
  expect(summary).toMatchObject({ failed: true, reason: 'no-route', hop: 'auth', complete: true, errors: 5 });
  const spans = engine.trace(summary?.traceId as string);
  expectNested(spans);
  // `users` answered well, and told of it only when the others had said that the request failed.
  expect(shape(spans)).toContain('users server GET /users');
});

/** A busy machine is no failure here. */
const patient = { timeoutMs: 30_000 };

/** A document of one chain, with a second of traffic on it. */
const chain = (path: string, ratePerSec: number) =>
  documentOf({
    nodes: [
      node('browser', 'client'),
      node('gateway', 'gateway'),
      node('orders', 'service', {
        routes: [route('/orders', { do: 'query', edge: 'orders-db', sql: 'SELECT generate_series(1, 3)' })],
      }),
      node('db', 'database'),
    ],
    edges: [edge('browser', 'gateway', patient), edge('gateway', 'orders', patient), edge('orders', 'db', patient)],
    scenarios: [
      {
        name: 'calm',
        durationMs: 1000,
        gracefulStopMs: 30_000,
        traffic: [
          { executor: 'constant-arrival-rate', client: 'browser', ratePerSec, arrivals: 'uniform', routes: [{ path }] },
        ],
      },
    ],
  });

const traced = (count: number): Promise<void> =>
  expect.poll(() => engine.traces({ limit: 1000 }).traces.length, { timeout: 30_000 }).toBe(count);
const whole = (traces: readonly TraceSummary[], spans: number): boolean =>
  traces.every((trace) => trace.spans === spans);

test('a request through client, gateway, service and PostgreSQL is one connected trace', async () => {
  await engine.configureTracing({ ratio: 1, otlpUrl: null });
  const document = chain('/orders', 20);
  await engine.startTopology(document);
  await engine.startTraffic({ scenario: document.scenarios[0] as (typeof document.scenarios)[number] });
  const result = await engine.trafficDone();
  expect(result.traffic).toMatchObject({ issued: 20, ok: 20 });
  await traced(20);
  const { traces, names } = engine.traces({});
  expect(names).toEqual(['GET /orders']);
  for (const { traceId } of traces) {
    const spans = await spansOf(traceId, 6);
    expect(shape(spans)).toEqual([
      'browser internal GET /orders',
      'browser client GET',
      'gateway server GET',
      'gateway client GET',
      'orders server GET /orders',
      'orders client SELECT',
    ]);
    expectNested(spans);
    expect(spans[5]?.attributes).toMatchObject({
      'db.system.name': 'postgresql',
      'db.query.text': 'SELECT generate_series(1, 3)',
      'db.response.returned_rows': 3,
      'service.peer.name': 'db',
    });
  }
  expect(engine.tracesOfRun()).toHaveLength(20);
  expect(result.overhead).toMatchObject({ tracing: { ratio: 1, dropped: 0 } });
  expect(result.overhead?.tracing.cpu).toBeGreaterThan(0);
  expect(result.overhead?.links.cpu).toBeGreaterThan(0);
  expect(result.overhead?.engine.cpu).toBeGreaterThan(0);
});

test('every failed request of a run has its trace at ratio 0, from the client to where it failed', async () => {
  await engine.configureTracing({ ratio: 0, otlpUrl: null });
  const document = chain('/nowhere', 20);
  await engine.startTopology(document);
  await engine.startTraffic({ scenario: document.scenarios[0] as (typeof document.scenarios)[number] });
  expect((await engine.trafficDone()).traffic).toMatchObject({ issued: 20, failed: 20 });
  await traced(20);
  await expect.poll(() => whole(engine.traces({ failed: true }).traces, 5), { timeout: 30_000 }).toBe(true);
  for (const trace of engine.traces({ failed: true }).traces) {
    expect(trace).toMatchObject({ failed: true, complete: true, nodeId: 'browser', reason: 'no-route', hop: 'orders' });
    expectNested(engine.trace(trace.traceId));
  }
});

test('a malformed header begins a new trace', async () => {
  await engine.configureTracing({ ratio: 1, otlpUrl: null });
  await engine.startTopology(shop());
  expect(await ask('gateway', '/orders/7', { traceparent: `00-${traceId}-00f067aa0ba902b7-0` })).toBe(200);
  await expect.poll(() => engine.traces({}).traces[0]?.spans, { timeout: 30_000 }).toBe(3);
  const [summary] = engine.traces({}).traces;
  expect(summary?.traceId).not.toBe(traceId);
  expect(summary).toMatchObject({ complete: true, nodeId: 'gateway', failed: false });
});

test('the share of samples reaches processes that run; switched off, nothing is traced', async () => {
  await engine.startTopology(shop());
  await engine.configureTracing({ ratio: 1, otlpUrl: null });
  await expect
    .poll(async () => (await ask('gateway', '/orders/7')) && engine.traces({}).traces.length, { timeout: 30_000 })
    .toBeGreaterThan(0);
  await engine.configureTracing({ ratio: null, otlpUrl: null });
  await expect
    .poll(
      async () => {
        const before = engine.tracing().spans;
        for (let i = 0; i < 3; i += 1) await ask('gateway', '/orders/7', caller('01'));
        await new Promise((resolve) => setTimeout(resolve, 500));
        return engine.tracing().spans - before;
      },
      { timeout: 30_000 },
    )
    .toBe(0);
});

test('a URL that spans cannot be sent to is refused with what to do', async () => {
  for (const otlpUrl of ['nonsense', 'ftp://127.0.0.1/', 'http://user:secret@127.0.0.1/'])
    await expect(engine.configureTracing({ ratio: 0.01, otlpUrl })).rejects.toMatchObject({
      code: 'address-invalid',
      nextStep: expect.stringContaining('4318'),
    });
  expect(engine.tracing().settings.otlpUrl).toBeNull();
});
