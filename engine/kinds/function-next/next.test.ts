import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { createEngine } from '../../api/create-engine.ts';
import type { Engine } from '../../api/engine.ts';
import { documentOf, edge, node, route } from '../../api/fixtures.ts';
import { catalogue } from '../../catalogue.ts';
import { parseDocument } from '../../model/parse.ts';
import { exists } from '../../runtime/operating-system.ts';
import { matchRoute, sortedByPrecedence } from '../../wire/next/route-tree.ts';
import { driverOf } from '../function-lambda/lambda.fixture.ts';

vi.setConfig({ testTimeout: 60_000 });

let engine: Engine;
const fn = driverOf(() => engine, 'function-next');
const seen = new Set<number>();

beforeAll(async () => {
  engine = await createEngine();
});

afterAll(() => engine.close());

afterEach(async () => {
  if (engine.frame().nodes.fn?.replicas[0]?.pid) for (const pid of fn.environments()) seen.add(pid);
  await engine.stopTopology();
  for (const pid of seen) expect(exists(pid)).toBe(false);
  seen.clear();
});

const counting = `let count = 0;
export async function GET() { return Response.json({ pid: process.pid, count: ++count }); }`;
const counted = async (path = '/api/count') => JSON.parse((await fn.ask(path)).body) as { pid: number; count: number };

/** A directory with these files, until the test ends. */
function projectWith(files: Record<string, string>): string {
  const directory = mkdtempSync(join(tmpdir(), 'archipel-next-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), text);
  }
  return directory;
}

describe('paths', () => {
  test.each([
    ['/api/items', '/api/items', {}],
    ['/api/items/[id]', '/api/items/a%20b', { id: 'a b' }],
    ['/api/items/[id]', '/api/items', null],
    ['/api/files/[...path]', '/api/files/a/b', { path: ['a', 'b'] }],
    ['/api/files/[...path]', '/api/files', null],
    ['/api/files/[[...path]]', '/api/files', {}],
    ['/api/[kind]/[id]', '/api/x/y/', { kind: 'x', id: 'y' }],
    ['/api/items', '/api/items/1', null],
  ])('%s and %s', (pattern, path, parameters) => {
    expect(matchRoute(pattern, path)).toEqual(parameters);
  });

  test('names come before parameters, and those before what takes all', () => {
    const patterns = ['/api/[[...all]]', '/api/[...some]', '/api/[id]', '/api/me'].map((pattern) => ({ pattern }));
    expect(sortedByPrecedence(patterns).map(({ pattern }) => pattern)).toEqual(
      patterns.map(({ pattern }) => pattern).reverse(),
    );
  });
});

describe('route handlers', () => {
  test('one gets Request and params, and answers by its method; others get 405, and unknown paths 404', async () => {
    await fn.start({
      routeHandlers: [
        {
          path: '/api/items/[id]',
          source: `
            export async function GET(request, { params }) {
              const { id } = await params;
              return Response.json({ id, q: new URL(request.url).searchParams.get('q'), greeting: process.env.GREETING });
            }
            export async function POST(request) {
              return new Response('got ' + (await request.text()), { status: 201, headers: { 'x-answer': 'yes' } });
            }`,
        },
        { path: '/api/items/me', source: 'export const GET = () => new Response("me");' },
      ],
      environment: { GREETING: 'hello' },
    });
    expect(JSON.parse((await fn.ask('/api/items/a%20b?q=1')).body)).toEqual({ id: 'a b', q: '1', greeting: 'hello' });
    expect(await fn.ask('/api/items/1', { method: 'POST', body: 'it' })).toMatchObject({
      ...{ status: 201, body: 'got it', headers: { 'x-answer': 'yes' } },
    });
    expect((await fn.ask('/api/items/me')).body).toBe('me');
    expect(await fn.ask('/api/items/1', { method: 'DELETE' })).toMatchObject({ status: 405 });
    expect(await fn.ask('/api/items/1', { method: 'OPTIONS' })).toMatchObject({
      ...{ status: 204, headers: { allow: 'GET, HEAD, OPTIONS, POST' } },
    });
    expect(await fn.ask('/api/items/1', { method: 'HEAD' })).toMatchObject({ status: 200, body: '' });
    expect(await fn.ask('/nowhere')).toMatchObject({
      ...{ status: 404, headers: { 'x-archipel-failure-reason': 'no-route' } },
    });
  });

  test('one in the style of the documentation streams as it goes', async () => {
    await fn.start({
      routeHandlers: [
        {
          path: '/api/stream',
          source: `
            function iteratorToStream(iterator) {
              return new ReadableStream({
                async pull(controller) {
                  const { value, done } = await iterator.next();
                  if (done) controller.close();
                  else controller.enqueue(value);
                },
              });
            }
            const sleep = (time) => new Promise((resolve) => setTimeout(resolve, time));
            const encoder = new TextEncoder();
            async function* makeIterator() {
              yield encoder.encode('<p>One</p>');
              await sleep(500);
              yield encoder.encode('<p>Two</p>');
            }
            export async function GET() {
              return new Response(iteratorToStream(makeIterator()));
            }`,
        },
      ],
    });
    expect(await fn.pieces('/api/stream')).toEqual(['<p>One</p>', '<p>Two</p>']);
  });

  test('an environment takes several requests at once, one more than they take is throttled', async () => {
    await fn.start({
      routeHandlers: [
        {
          path: '/api/slow',
          source: `export async function GET() {
            await new Promise((resolve) => setTimeout(resolve, 700));
            return Response.json({ pid: process.pid });
          }`,
        },
      ],
      concurrency: 3,
      maxEnvironments: 2,
    });
    const answers = await Promise.all(Array.from({ length: 7 }, () => fn.ask('/api/slow')));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 200, 503]);
    const pids = answers.filter(({ status }) => status === 200).map(({ body }) => JSON.parse(body).pid as number);
    expect(new Set(pids).size).toBe(2);
    expect(answers.find(({ status }) => status === 503)).toMatchObject({
      headers: { 'x-archipel-failure-reason': 'throttled' },
      body: expect.stringContaining('FUNCTION_THROTTLED'),
    });
  });

  test('each route is a function of its own, and none has an environment while nothing is asked', async () => {
    await fn.start({
      routeHandlers: [
        { path: '/api/count', source: counting },
        { path: '/api/other', source: counting },
      ],
      idleTimeoutMs: 2000,
    });
    expect(fn.environments()).toEqual([]);
    const one = await counted();
    expect(await counted()).toEqual({ pid: one.pid, count: 2 });
    const other = await counted('/api/other');
    expect(other).toMatchObject({ count: 1 });
    expect(other.pid).not.toBe(one.pid);
    expect(fn.environments().sort()).toEqual([one.pid, other.pid].sort());
    await vi.waitFor(() => expect(fn.environments()).toEqual([]), { timeout: 15_000 });
    expect((await counted()).count).toBe(1);
  });

  test.each([
    ['throws', '/api/throws', 500, 'handler-error', 'TypeError: out of stock'],
    ['answers nothing', '/api/nothing', 500, 'handler-error', 'No response is returned'],
    ['does not load', '/api/broken', 500, 'crash', 'bad start'],
    ['exports nothing', '/api/empty', 500, 'crash', 'exports no function'],
    ['exits', '/api/exits', 500, 'crash', 'exited with 3'],
  ])('one that %s fails with its reason, and the log says why', async (_, path, status, reason, why) => {
    await fn.start({
      routeHandlers: [
        { path: '/api/throws', source: 'export const GET = () => { throw new TypeError("out of stock"); };' },
        { path: '/api/nothing', source: 'export const GET = async () => {};' },
        { path: '/api/broken', source: 'throw new Error("bad start");' },
        { path: '/api/empty', source: 'export const value = 1;' },
        { path: '/api/exits', source: 'export const GET = () => process.exit(3);' },
      ],
      idleTimeoutMs: 200,
    });
    expect(await fn.ask(path)).toMatchObject({ status, headers: { 'x-archipel-failure-reason': reason } });
    expect(await fn.logged(why)).toBeTruthy();
    await vi.waitFor(() => expect(fn.environments()).toEqual([]), { timeout: 15_000 });
  });

  test('one that takes too long gets 504, and does not stand in the way of the next', async () => {
    await fn.start({
      routeHandlers: [
        {
          path: '/api/spins',
          source:
            'export const GET = ({ url }) => { if (url.endsWith("?spin")) for (;;); return new Response("well"); };',
        },
      ],
      timeoutMs: 600,
    });
    expect((await fn.ask('/api/spins')).body).toBe('well');
    expect(await fn.ask('/api/spins?spin')).toMatchObject({
      ...{ status: 504, headers: { 'x-archipel-failure-reason': 'timeout' } },
      body: expect.stringContaining('FUNCTION_INVOCATION_TIMEOUT'),
    });
    expect((await fn.ask('/api/spins')).body).toBe('well');
    // SIGTERM is not heard by what spins: it is ended half a second later.
    await vi.waitFor(() => expect(fn.environments()).toHaveLength(1), { timeout: 15_000 });
    await vi.waitFor(() => expect(fn.measure('timeouts')).toBe(1), { timeout: 15_000 });
  });

  test('one that never answers gets 504, and is gone with it', async () => {
    await fn.start({
      routeHandlers: [{ path: '/api/hangs', source: 'export const GET = () => new Promise(() => {});' }],
      ...{ timeoutMs: 400, idleTimeoutMs: 60_000 },
    });
    expect(await fn.ask('/api/hangs')).toMatchObject({
      ...{ status: 504, headers: { 'x-archipel-failure-reason': 'timeout' } },
    });
    expect(await fn.logged('longer than 400 ms')).toBeTruthy();
    await vi.waitFor(() => expect(fn.environments()).toEqual([]), { timeout: 15_000 });
  });

  test('one that leaks ends its environment alone, and the next request is served by another one', async () => {
    await fn.start({
      routeHandlers: [
        {
          path: '/api/leaks',
          source: `const all = [];
            export const GET = ({ url }) => {
              if (url.endsWith('?leak')) for (;;) all.push(new Array(100_000).fill(all.length));
              return new Response('well');
            };`,
        },
      ],
      ...{ memoryMb: 128, timeoutMs: 20_000, idleTimeoutMs: 300 },
    });
    expect(await fn.ask('/api/leaks?leak')).toMatchObject({
      ...{ status: 500, headers: { 'x-archipel-failure-reason': 'crash' } },
    });
    expect((await fn.ask('/api/leaks')).body).toBe('well');
    expect(await fn.logged('heap out of memory')).toBeTruthy();
    await vi.waitFor(() => expect(fn.environments()).toEqual([]), { timeout: 15_000 });
  });

  test('they call along the edges, and new code reaches the next request', async () => {
    const shop = { nodes: [node('shop', 'service', { routes: [route('/items')] })], edges: [edge('fn', 'shop')] };
    const source = `export async function GET() {
      const answer = await fetch(process.env.ARCHIPEL_EDGE_FN_SHOP + '/items');
      return Response.json({ from: (await answer.json()).node });
    }`;
    await fn.start({ routeHandlers: [{ path: '/api/shop', source }] }, shop);
    expect(JSON.parse((await fn.ask('/api/shop')).body)).toEqual({ from: 'shop' });
    const changed = documentOf({
      nodes: [
        node('fn', 'function-next', {
          routeHandlers: [{ path: '/api/shop', source: source.replace('from:', 'now:') }],
        }),
        ...shop.nodes,
      ],
      edges: shop.edges,
    });
    await engine.trustDocument({ path: null, document: changed });
    await engine.applyDocument(changed);
    await vi.waitFor(async () => expect(JSON.parse((await fn.ask('/api/shop')).body)).toEqual({ now: 'shop' }), {
      timeout: 15_000,
    });
    await vi.waitFor(() => expect(fn.environments()).toHaveLength(1), { timeout: 15_000 });
  });
});

describe('projects', () => {
  test('the tree below app/api is found, groups and private folders as Next.js takes them', async () => {
    const directory = projectWith({
      'shop/package.json': '{ "type": "module" }',
      'shop/app/api/(public)/hello/route.js': 'export const GET = () => new Response("hello");',
      'shop/app/api/_lib/route.js': 'export const GET = () => new Response("private");',
      'shop/app/api/files/[...path]/route.js':
        'export const GET = async (_, { params }) => Response.json((await params).path);',
      'shop/app/page.js': 'export default function Page() { return null; }',
    });
    await fn.start({ routeHandlers: [], project: 'shop' }, { directory });
    expect((await fn.ask('/api/hello')).body).toBe('hello');
    expect(JSON.parse((await fn.ask('/api/files/a/b')).body)).toEqual(['a', 'b']);
    expect((await fn.ask('/api/_lib')).status).toBe(404);
  });

  test('a route.js that does not parse fails alone: the log says where, and nothing is left', async () => {
    const directory = projectWith({
      'shop/package.json': '{ "type": "module" }',
      'shop/app/api/well/route.js': 'export const GET = () => new Response("well");',
      'shop/app/api/broken/route.js': 'export const GET = (',
    });
    await fn.start({ routeHandlers: [], project: 'shop', idleTimeoutMs: 300 }, { directory });
    expect(await fn.ask('/api/broken')).toMatchObject({
      ...{ status: 500, headers: { 'x-archipel-failure-reason': 'crash' } },
    });
    expect(await fn.logged('SyntaxError')).toBeTruthy();
    expect((await fn.ask('/api/well')).body).toBe('well');
    await vi.waitFor(() => expect(fn.environments()).toEqual([]), { timeout: 15_000 });
  });

  const realProject = process.env.ARCHIPEL_NEXT_PROJECT;
  test.skipIf(realProject === undefined)(
    'the production server of a real project, which ARCHIPEL_NEXT_PROJECT names, is its environment',
    async () => {
      await fn.start({ routeHandlers: [], project: realProject, server: 'next', idleTimeoutMs: 500 });
      expect(fn.environments()).toEqual([]);
      const answers = await Promise.all(Array.from({ length: 4 }, () => fn.ask('/')));
      for (const { status, headers } of answers)
        expect([status < 500, headers['x-powered-by']]).toEqual([true, 'Next.js']);
      await vi.waitFor(() => expect(fn.measure('runsNext')).toBe(1), { timeout: 15_000 });
      expect(fn.measure('started')).toBe(1);
      await vi.waitFor(() => expect(fn.environments()).toEqual([]), { timeout: 15_000 });
    },
  );

  test('where the project has a server of its own and is built, that is the environment of all routes', async () => {
    const directory = projectWith({
      'shop/package.json': '{}',
      'shop/app/api/hello/route.js': 'export const GET = () => new Response("alone");',
      'shop/.next/BUILD_ID': 'one',
      'shop/node_modules/next/package.json': '{ "name": "next", "bin": { "next": "bin/next" } }',
      // It says what it was started as.
      'shop/node_modules/next/bin/next': `
        const [command, h, host, p, port] = process.argv.slice(2);
        require('node:http').createServer((request, response) => response.end(JSON.stringify({
          command, flags: [h, p], host, cwd: process.cwd(), env: process.env.NODE_ENV, path: request.url, pid: process.pid,
        }))).listen(Number(port), host);`,
    });
    await fn.start({ routeHandlers: [], project: 'shop', idleTimeoutMs: 500 }, { directory });
    expect(fn.environments()).toEqual([]);
    const said = JSON.parse((await fn.ask('/any/path')).body);
    expect(said).toMatchObject({ command: 'start', flags: ['-H', '-p'], host: '127.0.0.1', path: '/any/path' });
    expect(said).toMatchObject({ env: 'production', cwd: expect.stringMatching(/shop$/) });
    await vi.waitFor(() => expect(fn.measure('runsNext')).toBe(1), { timeout: 15_000 });
    await vi.waitFor(() => expect(fn.environments()).toEqual([]), { timeout: 15_000 });
  });

  test('one that is not built says what to do', async () => {
    const directory = projectWith({
      'shop/package.json': '{}',
      'shop/node_modules/next/package.json': '{ "name": "next", "bin": { "next": "bin/next" } }',
    });
    await expect(fn.start({ routeHandlers: [], project: 'shop', server: 'next' }, { directory })).rejects.toThrow(
      /npx next build/,
    );
  });
});

test('bad config is refused with all that is wrong', () => {
  const parsed = parseDocument(
    {
      ...{ format: 1, name: 'test' },
      nodes: [
        node('fn', 'function-next', {
          routeHandlers: [
            { path: '/items', source: 'export const GET = () => new Response();' },
            { path: '/api/[...all]/more', source: 'export const GET = (' },
          ],
          environment: { PORT: '1' },
        }),
      ],
    },
    catalogue,
  );
  expect(parsed.ok ? [] : parsed.errors.map(({ path }) => path.replace('$.nodes[0].config.', ''))).toEqual([
    ...['routeHandlers[0].path', 'routeHandlers[1].path', 'routeHandlers[1].source', 'environment.PORT'],
  ]);
});
