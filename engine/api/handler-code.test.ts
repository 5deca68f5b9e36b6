import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ArchipelDocument } from '../model/document.ts';
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
  notePids();
  await engine.close();
  for (const pid of pids) expect(exists(pid)).toBe(false);
});

const notePids = (): void => {
  for (const { replicas } of Object.values(engine.frame().nodes))
    for (const { pid } of replicas) if (pid) pids.add(pid);
};

async function start(document: ArchipelDocument): Promise<void> {
  await engine.trustDocument({ path: null, document });
  await engine.startTopology(document);
  notePids();
}

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

const ask = (nodeId: string, path: string, { method = 'GET', body = '' } = {}): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const port = engine.frame().nodes[nodeId]?.replicas[0]?.port as number;
    const outgoing = request({ host: '127.0.0.1', port, path, method, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });

const code = (source: string, options = {}) => ({ do: 'code', source, ...options });

const alone = (...steps: unknown[]): ArchipelDocument =>
  documentOf({ nodes: [node('orders', 'service', { routes: [route('/orders/:id', ...steps), route('/well')] })] });

test('code that nobody trusted does not run', async () => {
  const document = alone(code('() => 1'));
  await expect(engine.startTopology(document)).rejects.toMatchObject({ code: 'document-untrusted' });
  expect(engine.frame().topology).toBe('stopped');
});

test('a handler sees the request and answers it', async () => {
  const source = `async (request, { state, random }) => {
    state.count = (state.count ?? 0) + 1;
    return { id: request.parameters.id, loud: request.parameters.loud, count: state.count, lucky: random() < 1 };
  }`;
  await start(alone(waitStep(1), code(source)));
  expect(JSON.parse((await ask('orders', '/orders/a%20b?loud=yes')).body)).toEqual({
    id: 'a b',
    loud: 'yes',
    count: 1,
    lucky: true,
  });
  expect(JSON.parse((await ask('orders', '/orders/7')).body)).toMatchObject({ id: '7', count: 2 });
});

test('a handler reads the body, and answers with status and headers of its own', async () => {
  const document = documentOf({
    nodes: [
      node('orders', 'service', {
        routes: [
          {
            method: 'POST',
            path: '/orders',
            steps: [
              code(
                `({ body }) => ({ status: 201, headers: { 'x-made': 'here' }, body: { made: JSON.parse(body).name } })`,
              ),
            ],
          },
        ],
      }),
    ],
  });
  await start(document);
  const answer = await ask('orders', '/orders', { method: 'POST', body: '{"name":"tea"}' });
  expect(answer).toMatchObject({ status: 201, headers: { 'x-made': 'here' }, body: '{"made":"tea"}' });
});

test('a handler calls other nodes along its edges, and their failures are its own unless it catches them', async () => {
  const call = `async (_, { call }) => JSON.parse((await call("orders-users", { path: "/users" })).body)`;
  const caught = `async (_, { call }) => {
    try { await call('orders-users', { path: '/nowhere' }); } catch (error) { return error.reason; }
  }`;
  await start(
    documentOf({
      nodes: [
        node('orders', 'service', {
          routes: [
            route('/a', code(call)),
            route('/b', code(caught)),
            route('/c', code(call.replace('/users', '/nowhere'))),
          ],
        }),
        node('users', 'service', { routes: [route('/users')] }),
      ],
      edges: [edge('orders', 'users')],
    }),
  );
  expect(await ask('orders', '/a')).toMatchObject({ status: 200, body: '{"node":"users","replica":0}' });
  expect(await ask('orders', '/b')).toMatchObject({ status: 200, body: '"no-route"' });
  expect(await ask('orders', '/c')).toMatchObject({
    status: 404,
    headers: { 'x-archipel-failure-reason': 'no-route', 'x-archipel-failure-hop': 'users' },
  });
  await vi.waitFor(
    () => expect(engine.frame().edges['orders-users']).toMatchObject({ requests: 3, errors: 2 }),
    15_000,
  );
});

test('a changed handler answers at once, in the process that runs already', async () => {
  await start(alone(code(`() => 'before'`)));
  const pid = engine.frame().nodes.orders?.replicas[0]?.pid;
  const changed = alone(code(`() => 'after'`));
  await expect(engine.applyDocument(changed)).rejects.toMatchObject({ code: 'document-untrusted' });
  await engine.trustDocument({ path: null, document: changed });
  await engine.applyDocument(changed);
  await vi.waitFor(async () => expect((await ask('orders', '/orders/1')).body).toBe('"after"'), 15_000);
  expect(engine.frame().nodes.orders?.replicas[0]?.pid).toBe(pid);
});

describe('bad code harms its own node, and only that', () => {
  const beside = (source: string, options = {}, config = {}): ArchipelDocument =>
    documentOf({
      nodes: [
        node('orders', 'service', { routes: [route('/', code(source, options)), route('/well')], ...config }),
        node('users', 'service', { routes: [route('/users')] }),
      ],
    });

  test('code that throws fails its request with a reason, and the log names the line', async () => {
    await start(beside('() => {\n  throw new Error("no stock");\n}'));
    expect(await ask('orders', '/')).toMatchObject({
      status: 500,
      headers: { 'x-archipel-failure-reason': 'handler-error', 'x-archipel-failure-hop': 'orders' },
      body: '{"error":"no stock"}',
    });
    expect((await ask('orders', '/well')).status).toBe(200);
    const aborter = new AbortController();
    const lines: string[] = [];
    for await (const news of engine.logs({ node: 'orders' }, aborter.signal)) {
      lines.push(...news.map(({ text }) => text));
      if (lines.some((line) => line.includes('orders GET /:2:9'))) break;
    }
    aborter.abort();
    expect(lines.some((line) => line.includes('no stock'))).toBe(true);
  });

  test('a handler that never answers fails in time and leaves its process free', async () => {
    await start(beside('() => new Promise(() => {})', { timeoutMs: 150 }));
    expect(await ask('orders', '/')).toMatchObject({
      status: 504,
      headers: { 'x-archipel-failure-reason': 'timeout', 'x-archipel-failure-hop': 'orders' },
    });
    expect((await ask('orders', '/well')).status).toBe(200);
  });

  test('a handler that loops for ever shows as degraded, the rest goes on, and the stop ends it', async () => {
    await start(beside('() => { for (;;); }'));
    const lost = ask('orders', '/').catch(() => null);
    await vi.waitFor(() => expect(engine.frame().nodes.orders?.state).toBe('degraded'), 15_000);
    expect((await ask('users', '/users')).status).toBe(200);
    await engine.stopTopology();
    await lost;
    expect(engine.frame().topology).toBe('stopped');
  });

  test('a handler that leaks ends its process at the memory limit, and the node says why', async () => {
    const leak = `(_, { state }) => {
      state.kept ??= [];
      for (let i = 0; i < 200_000; i += 1) state.kept.push({ i });
      return state.kept.length;
    }`;
    await start(beside(leak, {}, { memoryLimitMb: 32 }));
    for (let i = 0; i < 40 && engine.frame().nodes.orders?.state !== 'dead'; i += 1)
      await ask('orders', '/').catch(() => null);
    await vi.waitFor(() => expect(engine.frame().nodes.orders).toMatchObject({ state: 'dead' }), 15_000);
    expect(engine.frame().nodes.orders?.reason).toContain('needed more memory than the 32 MB');
    expect((await ask('users', '/users')).status).toBe(200);
  });

  test('an error that nobody catches ends the process, and the node says so', async () => {
    await start(beside(`() => { setTimeout(() => { throw new Error('later'); }, 1); return 'fine'; }`));
    await ask('orders', '/').catch(() => null);
    await vi.waitFor(() => expect(engine.frame().nodes.orders).toMatchObject({ state: 'dead' }), 15_000);
    expect(engine.frame().nodes.orders?.reason).toContain('exit code');
    expect((await ask('users', '/users')).status).toBe(200);
  });
});
