import { get } from 'node:http';
import { createTRPCClient, createWSClient, wsLink } from '@trpc/client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { parseExposition } from '../traces/exposition.fixture.ts';
import { createEngine } from './create-engine.ts';
import type { Engine } from './engine.ts';
import { documentOf, node } from './fixtures.ts';
import type { Router } from './router.ts';
import { type Server, startServer } from './server.ts';

let engine: Engine;
let server: Server;

beforeEach(async () => {
  engine = await createEngine();
  server = await startServer({
    engine,
    port: 0,
    staticDirectory: null,
    initialPath: '/tmp/shop.archipel.json',
    allowedOrigins: ['archipel://app'],
  });
});

afterEach(async () => {
  await server.close();
  await engine.close();
});

/** "open", or the status with which the server refused. */
const connect = (options: { token?: string; origin?: string; host?: string; path?: string }): Promise<string> =>
  new Promise((resolve) => {
    const url = new URL(server.url);
    if (options.path) url.pathname = options.path;
    if (options.token !== undefined) url.searchParams.set('token', options.token);
    const socket = new WebSocket(url, {
      ...(options.origin === undefined ? {} : { origin: options.origin }),
      ...(options.host === undefined ? {} : { headers: { host: options.host } }),
    });
    socket.on('open', () => {
      socket.close();
      resolve('open');
    });
    socket.on('unexpected-response', (_, response) => resolve(String(response.statusCode)));
    socket.on('error', (error) => resolve(error.message));
  });

test('only who knows the token gets in', async () => {
  expect(await connect({ token: server.token })).toBe('open');
  expect(await connect({})).toBe('401');
  expect(await connect({ token: `${server.token}x` })).toBe('401');
  expect(await connect({ token: server.token, path: '/other' })).toBe('404');
});

test('a page of another origin, or a name bound to this address, is refused even with the token', async () => {
  expect(await connect({ token: server.token, origin: server.httpUrl })).toBe('open');
  expect(await connect({ token: server.token, origin: 'archipel://app' })).toBe('open');
  expect(await connect({ token: server.token, origin: 'https://example.com' })).toBe('403');
  expect(await connect({ token: server.token, origin: 'null' })).toBe('403');
  expect(await connect({ token: server.token, host: 'rebound.example.com' })).toBe('403');
  const status = await new Promise((resolve) =>
    get(server.httpUrl, { headers: { host: 'rebound.example.com' } }, (response) => resolve(response.statusCode)),
  );
  expect(status).toBe(403);
});

test('listens on the loopback address alone', () => {
  expect(new URL(server.url).hostname).toBe('127.0.0.1');
});

test('metrics are for Prometheus, which knows the token by its configuration', async () => {
  const scrape = (path: string, headers: Record<string, string> = {}) => fetch(`${server.httpUrl}${path}`, { headers });
  for (const response of [await scrape('/metrics'), await scrape('/metrics?token=x')])
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
  await engine.startTopology(documentOf({ nodes: [node('orders', 'service')] }));
  for (const response of [
    await scrape('/metrics', { authorization: `Bearer ${server.token}` }),
    await scrape(`/metrics?token=${server.token}`),
  ]) {
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const families = parseExposition(await response.text());
    expect(families.get('archipel_replica_up')?.samples).toEqual(
      new Map([['archipel_replica_up{kind="service",node="orders",replica="0"}', 1]]),
    );
  }
});

test('calls, streams and errors cross the border as the engine means them', async () => {
  const socket = createWSClient({ url: `${server.url}?token=${server.token}`, WebSocket: WebSocket as never });
  const client = createTRPCClient<Router>({ links: [wsLink({ client: socket })] });
  try {
    expect(await client.initialPath.query()).toBe('/tmp/shop.archipel.json');
    const states = new Set<string>();
    const running = new Promise<void>((resolve) => {
      client.frames.subscribe(undefined, {
        onData(frame) {
          const state = frame.nodes.orders?.state ?? frame.topology;
          states.add(state);
          if (state === 'ready') resolve();
        },
      });
    });
    await client.topology.start.mutate({ document: documentOf({ nodes: [node('orders', 'service')] }) });
    await running;
    expect(states).toContain('ready');
    const error = await client.topology.start
      .mutate({ document: documentOf({ nodes: [] }) })
      .catch((failure) => failure);
    expect(error.data.archipel).toMatchObject({ code: 'wrong-state', nextStep: expect.stringContaining('Stop it') });
    const invalid = {
      ...documentOf({ nodes: [] }),
      nodes: [{ ...node('a', 'nonsense') }, { ...node('a', 'service') }],
    };
    const refused = await client.topology.update.mutate({ document: invalid as never }).catch((failure) => failure);
    expect(refused.data.archipel.errors.length).toBeGreaterThanOrEqual(2);
  } finally {
    await socket.close();
  }
});
