import { Agent, get } from 'node:http';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { exists } from '../runtime/operating-system.ts';
import { createEngine } from './create-engine.ts';
import type { Engine } from './engine.ts';
import { documentOf, edge, node, route, waitStep } from './fixtures.ts';

let engine: Engine;
const pids = new Set<number>();

beforeEach(async () => {
  engine = await createEngine();
  pids.clear();
});

afterEach(async () => {
  for (const { replicas } of Object.values(engine.frame().nodes))
    for (const { pid } of replicas) if (pid) pids.add(pid);
  await engine.close();
  for (const pid of pids) expect(exists(pid)).toBe(false);
});

const portOf = (nodeId: string, replica = 0): number => engine.frame().nodes[nodeId]?.replicas[replica]?.port as number;

const ask = (
  port: number,
  path: string,
  agent?: Agent,
): Promise<{ status: number; headers: Record<string, unknown>; body: string }> =>
  new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path, agent }, (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
      response.on('error', reject);
    }).on('error', reject);
  });

/** Eight callers that ask one after the other until they are told to stop. */
function load(port: number, path: string): { stop(): Promise<Map<number | string, number>> } {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  const outcomes = new Map<number | string, number>();
  let stopped = false;
  const caller = async (): Promise<void> => {
    while (!stopped) {
      const outcome = await ask(port, path, agent).then(
        ({ status }) => status,
        (error: Error) => error.message,
      );
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
  };
  const callers = Array.from({ length: 8 }, caller);
  return {
    async stop() {
      stopped = true;
      await Promise.all(callers);
      agent.destroy();
      return outcomes;
    },
  };
}

const shop = (
  changes: { orders?: Record<string, unknown>; nodes?: unknown[]; edges?: unknown[]; rules?: unknown[] } = {},
) =>
  documentOf({
    nodes: [
      node('gateway', 'gateway', {
        rules: [{ pathPrefix: '/orders', edge: 'gateway-orders' }, ...(changes.rules ?? [])],
      }),
      node('orders', 'service', { routes: [route('/orders', waitStep(2))], ...changes.orders }),
      ...(changes.nodes ?? []),
    ],
    edges: [edge('gateway', 'orders'), ...(changes.edges ?? [])],
  });

test('edits reach a running topology without a single failed request', async () => {
  await engine.startTopology(shop());
  const gateway = engine.frame().nodes.gateway?.replicas[0]?.pid;
  const traffic = load(portOf('gateway'), '/orders');

  await engine.applyDocument(shop({ orders: { replicas: 3 } }));
  expect(engine.frame().nodes.orders?.replicas.map(({ state }) => state)).toEqual(['ready', 'ready', 'ready']);

  await engine.applyDocument(shop({ orders: { replicas: 1 } }));
  expect(engine.frame().nodes.orders?.replicas).toHaveLength(1);

  await engine.applyDocument(
    shop({
      nodes: [node('users', 'service', { routes: [route('/users')] })],
      edges: [edge('gateway', 'users')],
      rules: [{ pathPrefix: '/users', edge: 'gateway-users' }],
    }),
  );
  expect(await ask(portOf('gateway'), '/users')).toMatchObject({ status: 200 });

  await engine.applyDocument(shop({ orders: { routes: [route('/orders'), route('/orders/:id')] } }));
  await vi.waitFor(async () => expect((await ask(portOf('gateway'), '/orders/7')).status).toBe(200), 15_000);
  expect(engine.frame().nodes.users).toBeUndefined();

  const outcomes = await traffic.stop();
  expect([...outcomes.keys()]).toEqual([200]);
  expect(outcomes.get(200)).toBeGreaterThan(50);
  expect(engine.frame().nodes.gateway?.replicas[0]?.pid).toBe(gateway);
});

test('an edit that is not valid is refused whole, with all its errors, and changes nothing', async () => {
  await engine.startTopology(shop());
  const before = engine.frame().nodes.orders?.replicas[0]?.pid;
  const broken = { ...shop(), edges: [{ ...edge('gateway', 'nowhere'), config: { timeoutMs: 0, maxConnections: 0 } }] };
  await expect(engine.applyDocument(broken as never)).rejects.toMatchObject({ code: 'document-invalid' });
  const { errors } = await engine.applyDocument(broken as never).catch((error) => error);
  expect(errors.length).toBeGreaterThanOrEqual(3);
  expect(engine.frame().nodes.orders?.replicas[0]).toMatchObject({ pid: before, state: 'ready' });
});

test('a part that does not start is named, and nothing is left running', async () => {
  const document = documentOf({
    nodes: [node('orders', 'service'), node('db', 'database', { setupSql: 'create tabel t (a int)' })],
  });
  await expect(engine.startTopology(document)).rejects.toThrow(/syntax error/);
  const { topology, nodes, problem } = engine.frame();
  expect(topology).toBe('stopped');
  expect(problem).toMatch(/syntax error/);
  expect(Object.values(nodes).flatMap(({ replicas }) => replicas.map(({ pid }) => pid))).toEqual([null, null]);
});

test('a topology runs again and again on one engine', async () => {
  const document = documentOf({
    nodes: [
      node('orders', 'service', {
        routes: [route('/', { do: 'query', edge: 'orders-db', sql: 'select * from numbers' })],
      }),
      node('db', 'database', { setupSql: 'create table numbers (n int)' }),
    ],
    edges: [edge('orders', 'db')],
  });
  for (let round = 0; round < 2; round += 1) {
    await engine.startTopology(document);
    expect((await ask(portOf('orders'), '/')).status).toBe(200);
    await engine.stopTopology();
    expect(engine.frame()).toMatchObject({ topology: 'stopped', nodes: {} });
  }
});

test('a start can be stopped in the middle', async () => {
  const document = documentOf({
    nodes: [node('orders', 'service'), node('db', 'database', { setupSql: 'select pg_sleep(30)' })],
  });
  const start = engine.startTopology(document);
  start.catch(() => {});
  await vi.waitFor(() => expect(engine.frame().nodes.db?.replicas[0]?.pid).toBeTruthy(), { timeout: 15_000 });
  await engine.stopTopology();
  await expect(start).rejects.toMatchObject({ code: 'stopped' });
  expect(engine.frame()).toMatchObject({ topology: 'stopped', problem: null, nodes: {} });
});

test('a failure names its first hop at every level above it', async () => {
  await engine.startTopology(
    documentOf({
      nodes: [
        node('gateway', 'gateway'),
        node('orders', 'service', { routes: [route('/', { do: 'call', edge: 'orders-auth', path: '/check' })] }),
        node('auth', 'service', { routes: [route('/check', waitStep(5_000))] }),
      ],
      edges: [edge('gateway', 'orders'), edge('orders', 'auth', { timeoutMs: 100 })],
    }),
  );
  const reason = async () => {
    const { status, headers } = await ask(portOf('gateway'), '/');
    return [status, headers['x-archipel-failure-reason'], headers['x-archipel-failure-hop']];
  };
  expect(await reason()).toEqual([504, 'timeout', 'orders-auth']);
  process.kill(engine.frame().nodes.auth?.replicas[0]?.pid as number, 'SIGKILL');
  await vi.waitFor(() => expect(engine.frame().nodes.auth?.state).toBe('dead'), { timeout: 1000 });
  await vi.waitFor(async () => expect(await reason()).toEqual([502, 'refused', 'orders-auth']), 15_000);
  await engine.restartProcess({ node: 'auth', replica: 0 });
  expect(await reason()).toEqual([504, 'timeout', 'orders-auth']);
  expect((await ask(portOf('gateway'), '/nowhere')).headers).toMatchObject({
    'x-archipel-failure-reason': 'no-route',
    'x-archipel-failure-hop': 'orders',
  });
});

test('a gateway shares requests equally between replicas', async () => {
  await engine.startTopology(shop({ orders: { replicas: 4, routes: [route('/orders')] } }));
  const agent = new Agent({ keepAlive: true });
  const counts = new Map<string, number>();
  for (let i = 0; i < 400; i += 1) {
    const { body } = await ask(portOf('gateway'), '/orders', agent);
    counts.set(body, (counts.get(body) ?? 0) + 1);
  }
  agent.destroy();
  expect([...counts.values()]).toEqual([100, 100, 100, 100]);
});
