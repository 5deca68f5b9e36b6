import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createEngine } from '../../api/create-engine.ts';
import type { Engine } from '../../api/engine.ts';
import { documentOf, edge, node, route } from '../../api/fixtures.ts';

vi.setConfig({ testTimeout: 60_000 });

/* A function under the traffic of a run: what its results, traces and frames say. */

let engine: Engine;

beforeEach(async () => {
  engine = await createEngine();
});

afterEach(() => engine.close());

const documentWith = (config: Record<string, unknown>, paths: string[], rest: Record<string, unknown[]> = {}) =>
  documentOf({
    nodes: [node('client', 'client'), node('fn', 'function-lambda', config), ...(rest.nodes ?? [])],
    edges: [edge('client', 'fn'), ...(rest.edges ?? [])],
    scenarios: [
      {
        name: 'steady',
        traffic: [
          {
            executor: 'constant-arrival-rate',
            client: 'client',
            ratePerSec: 40,
            routes: paths.map((path) => ({ path })),
          },
        ],
      },
    ],
  });

async function run(document: ReturnType<typeof documentOf>, durationMs: number, meanwhile = async () => {}) {
  await engine.trustDocument({ path: null, document });
  await engine.startTopology(document);
  const [scenario] = document.scenarios;
  if (!scenario) throw new Error('no scenario');
  await engine.startTraffic({ scenario, durationMs });
  await meanwhile();
  return engine.trafficDone();
}

test('every invocation is accounted for, cold starts are told apart, and the time that is billed is told', async () => {
  const source = `exports.handler = async ({ rawPath }) => {
    if (rawPath === '/fails') throw new Error('no');
    if (rawPath === '/exits') process.exit(1);
    return 'ok';
  };`;
  const result = await run(documentWith({ source, idleTimeoutMs: 60_000 }, ['/', '/', '/', '/fails', '/exits']), 2000);
  expect(result.conservation.holds).toBe(true);
  expect(result.conservation.equation).toMatch(
    /fn: invocations \d+ = succeeded \d+ \+ function errors \d+ \+ crashes \d+/,
  );
  const measures: Record<string, number | null> = result.nodes.fn?.measures ?? {};
  expect(measures.invocations).toBe(result.traffic.issued);
  // Each that ends its environment costs the next one a cold start.
  const exits = result.failures.find(({ reason }) => reason === 'crash')?.count ?? 0;
  expect(exits).toBeGreaterThan(3);
  expect(measures.coldStarts).toBeGreaterThanOrEqual(exits);
  expect(measures.coldStartShare).toBeCloseTo((measures.coldStarts as number) / (measures.invocations as number));
  expect(measures.coldP50Ms as number).toBeGreaterThan(measures.initP50Ms as number);
  expect(measures.warmP50Ms as number).toBeLessThan(measures.coldP50Ms as number);
  expect(measures.billedMs as number).toBeGreaterThan((measures.coldStarts as number) * 10);
  // The bill is the counters times the prices, and nothing else.
  const [requests, duration] = result.costs?.nodes.fn?.lines ?? [];
  expect(requests).toMatchObject({ quantity: measures.invocations, price: 0.2 / 1e6 });
  expect(duration?.quantity).toBeCloseTo(((measures.billedMs as number) / 1000) * (1769 / 1024), 6);
  expect(duration?.amount).toBeCloseTo((duration?.quantity ?? 0) * 0.0000166667, 12);
  expect(result.costs?.breakEven.fn?.requests).toBe(measures.invocations);
});

test('a platform that is killed takes with it what it had in hand, and the balance says so', async () => {
  const source = 'exports.handler = () => new Promise((resolve) => setTimeout(resolve, 400, "ok"));';
  const result = await run(documentWith({ source }, ['/']), 2000, async () => {
    await vi.waitFor(() => expect(engine.frame().nodes.fn?.measures.busyEnvironments).toBeGreaterThan(2), {
      timeout: 15_000,
      interval: 20,
    });
    process.kill(engine.frame().nodes.fn?.replicas[0]?.pid as number, 'SIGKILL');
  });
  expect(result.conservation).toMatchObject({ holds: true });
  expect(result.conservation.equation).toMatch(/gone with a process \d+/);
});

test('a trace tells the wait for an environment from the run in it, and goes on where the handler hands it on', async () => {
  const source = `exports.handler = async ({ headers: { traceparent } }) => {
    const answer = await fetch(process.env.ARCHIPEL_EDGE_FN_SHOP + '/items', { headers: { traceparent } });
    return answer.json();
  };`;
  const document = documentWith({ source, idleTimeoutMs: 60_000 }, ['/'], {
    nodes: [node('shop', 'service', { routes: [route('/items')] })],
    edges: [edge('fn', 'shop')],
  });
  await engine.trustDocument({ path: null, document });
  await engine.startTopology(document);
  for (const isCold of [true, false]) {
    const sent = await engine.sendRequest({ edge: 'client-fn', method: 'GET', path: '/', headers: {}, body: '' });
    expect(sent).toMatchObject({ status: 200, body: '{"node":"shop","replica":0}' });
    const traceId = sent.traceId as string;
    const spans = await vi.waitFor(
      () => {
        const found = engine.trace(traceId);
        expect(found.some(({ nodeId }) => nodeId === 'shop')).toBe(true);
        expect(found.some(({ name }) => name === 'INVOKE')).toBe(true);
        return found;
      },
      { timeout: 15_000 },
    );
    const server = spans.find(({ nodeId, kind }) => nodeId === 'fn' && kind === 'server');
    expect(server?.attributes).toMatchObject({ 'faas.coldstart': isCold, 'faas.trigger': 'http' });
    const invoke = spans.find(({ name }) => name === 'INVOKE');
    expect(invoke?.parentSpanId).toBe(server?.spanId);
    expect(spans.find(({ nodeId }) => nodeId === 'shop')?.parentSpanId).toBe(invoke?.spanId);
    const init = spans.find(({ name }) => name === 'INIT');
    expect(init !== undefined).toBe(isCold);
    if (init && invoke) expect(init.startedAtMs + init.durationMs).toBeLessThanOrEqual(invoke.startedAtMs + 1);
  }
});

test('frames tell of each environment: its process, what it does, and how long its INIT took', async () => {
  const document = documentWith(
    { source: 'exports.handler = async () => process.pid;', provisionedConcurrency: 1, idleTimeoutMs: 60_000 },
    ['/'],
  );
  await engine.trustDocument({ path: null, document });
  await engine.startTopology(document);
  await vi.waitFor(() => expect(engine.frame().nodes.fn?.environments).toHaveLength(1), { timeout: 15_000 });
  await vi.waitFor(() => expect(engine.frame().nodes.fn?.environments?.[0]?.state).toBe('idle'), { timeout: 15_000 });
  const { body } = await engine.sendRequest({ edge: 'client-fn', method: 'GET', path: '/', headers: {}, body: '' });
  await vi.waitFor(
    () =>
      expect(engine.frame().nodes.fn?.environments).toEqual([
        {
          ...{ pid: Number(body), state: 'idle', isProvisioned: true, invocations: 1 },
          ...{ initMs: expect.any(Number), residentBytes: expect.any(Number) },
        },
      ]),
    { timeout: 15_000 },
  );
  expect(engine.frame().nodes.fn?.replicas[0]?.rssBytes).toBeGreaterThan(60e6);
});
