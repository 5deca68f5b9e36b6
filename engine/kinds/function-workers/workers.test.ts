import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { createEngine } from '../../api/create-engine.ts';
import type { Engine } from '../../api/engine.ts';
import { documentOf, edge, node, route } from '../../api/fixtures.ts';
import { catalogue } from '../../catalogue.ts';
import { parseDocument } from '../../model/parse.ts';
import { exists } from '../../runtime/operating-system.ts';
import { driverOf } from '../function-lambda/lambda.fixture.ts';
import { findWorkerd } from './find-workerd.ts';

vi.setConfig({ testTimeout: 60_000 });

let engine: Engine;
const fn = driverOf(() => engine, 'function-workers');
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

/** Tells how often its module was asked. */
const counting = `
let count = 0;
export default { async fetch() { return Response.json({ count: ++count }); } };
`;

/** Uses the CPU for as long as the clock of the process tells: Cloudflare's stands still while code runs. */
const burn = (rounds: number) => {
  let x = 1;
  for (let i = 0; i < rounds * 1e6; i += 1) x = (x * 16807) % 2147483647;
  return x;
};
const spinning = `
const burn = ${burn};
export default { async fetch(request) {
  const url = new URL(request.url);
  if (url.pathname === '/wait') { await new Promise((resolve) => setTimeout(resolve, 400)); return new Response('waited'); }
  return new Response(String(burn(Number(url.searchParams.get('rounds') ?? 1e9))));
} };
`;

const workerd = findWorkerd([import.meta.dirname], { PATH: '' });

/** Why there is no test of the real runtime here. */
const withoutWorkerd =
  process.platform === 'linux'
    ? workerd === null && 'npm has no workerd for this machine, or was told to leave optional packages out'
    : 'auto takes workerd on Linux alone, where its CPU time is known';
if (withoutWorkerd) test.skip(`in workerd: ${withoutWorkerd}`, () => {});

function cpuMsOf(work: () => void): number {
  const from = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1000;
}

const runtimes = withoutWorkerd ? (['isolates'] as const) : (['workerd', 'isolates'] as const);

describe.each(runtimes)('in %s', (runtime) => {
  const start = (config: Record<string, unknown>, rest = {}) => fn.start({ runtime, ...config }, rest);

  test('a Worker runs as it is: Request, env, streams, waitUntil', async () => {
    await start({
      source: `
        export default {
          async fetch(request, env, ctx) {
            ctx.waitUntil(Promise.resolve());
            const { pathname, searchParams } = new URL(request.url);
            const body = await request.text();
            const said = { method: request.method, pathname, q: searchParams.get('q'), custom: request.headers.get('x-custom'), body, greeting: env.GREETING };
            return new Response(JSON.stringify(said), { status: 201, headers: { 'content-type': 'application/json', 'x-answer': 'yes' } });
          },
        };`,
      environment: { GREETING: 'hé "you"\n' },
    });
    const answer = await fn.ask('/a%20b?q=1', { method: 'POST', headers: { 'x-custom': 'c' }, body: 'something' });
    expect(answer).toMatchObject({ status: 201, headers: { 'x-answer': 'yes', 'content-type': 'application/json' } });
    expect(JSON.parse(answer.body)).toEqual({
      ...{ method: 'POST', pathname: '/a%20b', q: '1', custom: 'c', body: 'something', greeting: 'hé "you"\n' },
    });
    await vi.waitFor(() => expect(fn.measure('runsWorkerd')).toBe(runtime === 'workerd' ? 1 : 0), { timeout: 15_000 });
  });

  test('Workers in the style of the documentation run unmodified', async () => {
    await start({
      source: `
        export default {
          async fetch(request) {
            const data = { hello: "world" };
            return Response.json(data);
          },
        };`,
    });
    expect(await fn.ask()).toMatchObject({ status: 200, body: '{"hello":"world"}' });
    await engine.stopTopology();
    await start({
      source: `
        async function readRequestBody(request) {
          const contentType = request.headers.get("content-type");
          if (contentType.includes("application/json")) return JSON.stringify(await request.json());
          if (contentType.includes("form")) {
            const formData = await request.formData();
            const body = {};
            for (const entry of formData.entries()) body[entry[0]] = entry[1];
            return JSON.stringify(body);
          }
          return "a file";
        }

        export default {
          async fetch(request, env, ctx) {
            const url = new URL(request.url);
            if (url.pathname.includes("/redirect")) return Response.redirect("https://example.com/", 301);
            if (request.method === "POST") return new Response("The request body sent in was " + (await readRequestBody(request)));
            const response = new Response("Hello World!", { headers: { "content-type": "text/html;charset=UTF-8" } });
            const newResponse = new Response(response.body, response);
            newResponse.headers.append("x-workers-hello", "Hello from Cloudflare Workers");
            newResponse.headers.delete("x-header-to-delete");
            ctx.waitUntil(crypto.subtle.digest({ name: "SHA-256" }, new TextEncoder().encode("Hello world")));
            return newResponse;
          },
        };`,
    });
    expect(await fn.ask()).toMatchObject({
      ...{ status: 200, body: 'Hello World!' },
      headers: { 'x-workers-hello': 'Hello from Cloudflare Workers' },
    });
    expect(await fn.ask('/redirect')).toMatchObject({ status: 301, headers: { location: 'https://example.com/' } });
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await fn.ask('/', { method: 'POST', headers: form, body: 'a=1&b=two' })).body).toBe(
      'The request body sent in was {"a":"1","b":"two"}',
    );
  });

  test('what a Worker streams comes as it is written', async () => {
    await start({
      source: `
        export default {
          async fetch(request, env, ctx) {
            const { readable, writable } = new TransformStream();
            const writer = writable.getWriter();
            const encoder = new TextEncoder();
            ctx.waitUntil((async () => {
              await writer.write(encoder.encode("one"));
              await new Promise((resolve) => setTimeout(resolve, 500));
              await writer.write(encoder.encode("two"));
              await writer.close();
            })());
            return new Response(readable);
          },
        };`,
    });
    expect(await fn.pieces('/')).toEqual(['one', 'two']);
  });

  test('no isolate is there while nothing is asked; one takes many requests, and ends when it is idle', async () => {
    await start({ source: counting, idleTimeoutMs: 400 });
    expect(fn.environments()).toEqual([]);
    await vi.waitFor(() => expect(fn.measure('environments')).toBe(0), { timeout: 15_000 });
    const first = await Promise.all(Array.from({ length: 20 }, () => fn.ask()));
    const counts = first.map(({ body }) => JSON.parse(body).count).sort((a, b) => a - b);
    expect(counts).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    await vi.waitFor(() => expect(fn.measure('started')).toBe(1), { timeout: 15_000 });
    await vi.waitFor(() => expect(fn.measure('environments')).toBe(0), { timeout: 15_000 });
    expect(fn.environments()).toEqual([]);
    expect(JSON.parse((await fn.ask()).body)).toEqual({ count: 1 });
  });

  test('isolates that start at the same time do not get into the way of each other', async () => {
    const requests = 16;
    await start({ source: counting, requestsPerIsolate: 1, maxIsolates: requests });
    const answers = await Promise.all(Array.from({ length: requests }, () => fn.ask()));
    expect(answers.map(({ body }) => body)).toEqual(Array(requests).fill('{"count":1}'));
  });

  test('waiting costs no CPU time, and many wait at once', async () => {
    await start({ source: spinning, cpuLimitMs: 300 });
    await fn.ask('/wait');
    const fromMs = performance.now();
    await Promise.all(Array.from({ length: 20 }, () => fn.ask('/wait')));
    expect(performance.now() - fromMs).toBeLessThan(3000);
    await vi.waitFor(() => expect(fn.measure('invocations')).toBe(21), { timeout: 15_000 });
    await vi.waitFor(() => expect(fn.measure('busyMs')).toBeGreaterThan(750), { timeout: 15_000 });
    // 21 × 400 ms were waited.
    expect(fn.measure('cpuMs')).toBeLessThan(600);
  });

  test('the CPU time of a request is what it burns', async () => {
    await start({ source: spinning });
    await fn.ask('/?rounds=1');
    await vi.waitFor(() => expect(fn.measure('busyMs')).toBeGreaterThan(0), { timeout: 15_000 });
    const before = fn.measure('cpuMs') as number;
    const busyBefore = fn.measure('busyMs') as number;
    const fromMs = performance.now();
    await fn.ask('/?rounds=60');
    const tookMs = performance.now() - fromMs;
    await vi.waitFor(() => expect(fn.measure('busyMs')).toBeGreaterThan(busyBefore + tookMs / 2), { timeout: 15_000 });
    const cpuMs = (fn.measure('cpuMs') as number) - before;
    expect(cpuMs).toBeGreaterThan(cpuMsOf(() => burn(60)) / 3);
    expect(cpuMs).toBeLessThan(tookMs * 1.2);
  });

  test('one that uses more CPU time than it may gets 1102, and the next one is served', async () => {
    await start({ source: spinning, cpuLimitMs: 200 });
    await fn.ask('/?rounds=1');
    const answer = await fn.ask('/');
    expect(answer).toMatchObject({
      status: 503,
      headers: { 'x-archipel-failure-reason': 'timeout', 'x-archipel-failure-hop': 'fn' },
    });
    expect(answer.body).toContain('error code: 1102');
    expect((await fn.ask('/?rounds=1')).status).toBe(200);
    await vi.waitFor(() => expect(fn.measure('limitExceeded')).toBe(1), { timeout: 15_000 });
    expect(fn.measure('started')).toBe(2);
  });

  test('an exception gets 1101, and the log says why; so does what is no Response', async () => {
    await start({
      source: `export default { async fetch(request) {
        if (new URL(request.url).pathname === '/rubbish') return 'text';
        throw new RangeError('out of stock');
      } };`,
    });
    for (const path of ['/', '/rubbish']) {
      const answer = await fn.ask(path);
      expect(answer).toMatchObject({ status: 500, headers: { 'x-archipel-failure-reason': 'handler-error' } });
      expect(answer.body).toContain('error code: 1101');
    }
    expect(await fn.logged('RangeError: out of stock')).toBeTruthy();
    expect(await fn.logged("did not resolve to 'Response'")).toBeTruthy();
    await vi.waitFor(() => expect(fn.measure('functionErrors')).toBe(2), { timeout: 15_000 });
  });

  test('an answer of 500 that the Worker gives is its own', async () => {
    await start({ source: `export default { fetch: () => new Response('own', { status: 500 }) };` });
    expect(await fn.ask()).toMatchObject({ status: 500, body: 'own' });
    await vi.waitFor(() => expect(fn.measure('invocations')).toBe(1), { timeout: 15_000 });
    expect(fn.measure('functionErrors')).toBe(0);
  });

  test.each([
    ['throws as it loads', `throw new Error('bad start'); export default {};`, 'bad start', 'crash'],
    ['exports nothing', `export const other = 1;`, 'does not export a fetch() function', 'handler-error'],
  ])('a module that %s gets 1101, and leaves nothing', async (_, source, why, reason) => {
    await start({ source, idleTimeoutMs: 200 });
    const answer = await fn.ask();
    expect(answer).toMatchObject({ status: 500, headers: { 'x-archipel-failure-reason': reason } });
    expect(await fn.logged(why)).toBeTruthy();
    await vi.waitFor(() => expect(fn.environments()).toEqual([]), { timeout: 15_000 });
  });

  test('a file that does not parse gets 1101, the log says where, and nothing is left', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'archipel-workers-'));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    writeFileSync(join(directory, 'broken.mjs'), 'export default {\n  fetch() {');
    await start({ file: 'broken.mjs', idleTimeoutMs: 200 }, { directory });
    expect(await fn.ask()).toMatchObject({
      ...{ status: 500, body: expect.stringContaining('error code: 1101') },
      headers: { 'x-archipel-failure-reason': 'crash' },
    });
    expect(await fn.logged('SyntaxError')).toBeTruthy();
    await vi.waitFor(() => expect(fn.measure('environments')).toBe(0), { timeout: 15_000 });
    expect(fn.environments()).toEqual([]);
  });

  test('one that never answers is found out by workerd, and left by its caller in an isolate of Node; neither stays', async () => {
    await start({ source: 'export default { fetch: () => new Promise(() => {}) };', idleTimeoutMs: 300 });
    if (runtime === 'workerd')
      expect(await fn.ask()).toMatchObject({
        ...{ status: 500, body: expect.stringContaining('error code: 1101') },
        headers: { 'x-archipel-failure-reason': 'handler-error' },
      });
    else {
      const leaving = new AbortController();
      const asked = fetch(`http://127.0.0.1:${fn.port()}/`, { signal: leaving.signal });
      await vi.waitFor(() => expect(fn.measure('concurrency')).toBe(1), { timeout: 15_000, interval: 20 });
      leaving.abort();
      await expect(asked).rejects.toThrow();
    }
    await vi.waitFor(() => expect(fn.measure('environments')).toBe(0), { timeout: 15_000 });
    expect(fn.environments()).toEqual([]);
  });

  test('it calls along its edges, and new code reaches the next request', async () => {
    const shop = { nodes: [node('shop', 'service', { routes: [route('/items')] })], edges: [edge('fn', 'shop')] };
    const source = `export default { async fetch(request, env) {
      const answer = await fetch(env.ARCHIPEL_EDGE_FN_SHOP + '/items');
      return Response.json({ from: (await answer.json()).node });
    } };`;
    await start({ source }, shop);
    expect(JSON.parse((await fn.ask()).body)).toEqual({ from: 'shop' });
    const changed = documentOf({
      nodes: [node('fn', 'function-workers', { runtime, source: source.replace('from:', 'now:') }), ...shop.nodes],
      edges: shop.edges,
    });
    await engine.trustDocument({ path: null, document: changed });
    await engine.applyDocument(changed);
    await vi.waitFor(async () => expect(JSON.parse((await fn.ask()).body)).toEqual({ now: 'shop' }), {
      timeout: 15_000,
    });
  });

  test('a file beside the document runs', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'archipel-workers-'));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    writeFileSync(join(directory, 'hello.mjs'), `export default { fetch: () => new Response('from a file') };`);
    await start({ file: 'hello.mjs' }, { directory });
    expect((await fn.ask()).body).toBe('from a file');
  });

  test('a file runs with those that it imports by relative paths', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'archipel-workers-'));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    mkdirSync(join(directory, 'src/routes'), { recursive: true });
    const files = {
      'src/index.mjs': `import { hello } from './routes/hello.mjs';
        // import nothing from './not-there.mjs';
        export default { fetch: (request) => new Response(hello(new URL(request.url).pathname)) };`,
      'src/routes/hello.mjs': `import { name } from '../../shared.mjs';\nexport const hello = (path) => name + path;`,
      'shared.mjs': `export const name = 'shared';`,
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
    await start({ file: 'src/index.mjs' }, { directory });
    expect((await fn.ask('/a')).body).toBe('shared/a');
  });
});

test('an isolate that uses more memory than it may is ended alone', async () => {
  await fn.start({
    runtime: 'isolates',
    source: `const kept = [];
      export default { async fetch(request) {
        if (new URL(request.url).pathname === '/') return new Response('well');
        for (;;) { kept.push(new Array(1e5).fill({ n: kept.length })); await null; }
      } };`,
  });
  const answer = await fn.ask('/leak');
  expect(answer).toMatchObject({ status: 500, headers: { 'x-archipel-failure-reason': 'crash' } });
  expect((await fn.ask('/')).body).toBe('well');
  expect(await fn.logged('more than 128 MB')).toBeTruthy();
});

test('bad config is refused with what to do', () => {
  const parsed = parseDocument(
    {
      ...{ format: 1, name: 'test' },
      nodes: [node('fn', 'function-workers', { source: 'export default {', environment: { ARCHIPEL_X: '1' } })],
    },
    catalogue,
  );
  expect(parsed.ok).toBe(false);
  const problems = parsed.ok ? [] : parsed.errors.map(({ path }) => path);
  expect(problems).toEqual(['$.nodes[0].config.source', '$.nodes[0].config.environment.ARCHIPEL_X']);
});
