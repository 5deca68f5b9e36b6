import { createServer as createTcpServer, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { edgeConfigSchema } from '../model/edge.ts';
import type { Command } from '../wire/resp/command.ts';
import { RespError } from '../wire/resp/errors.ts';
import { createServer, type RespServer, type RespServerOptions } from '../wire/resp/server.ts';
import type { WiredEdge } from './protocol.ts';
import { createRedisClient, type RedisClient } from './redis.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** Holds answers back until the test lets go. */
let release: () => void = () => {};
let held: Promise<void>;
beforeEach(() => {
  held = new Promise((resolve) => {
    release = resolve;
  });
});

const slow: Command = {
  name: 'slow',
  arity: 2,
  flags: [],
  keys: [0, 0, 0],
  run: ([, text = '']) => held.then(() => text),
};
const loadFailed: Command = {
  ...slow,
  name: 'load',
  run() {
    throw new RespError('LOADFAILED timeout cache-db no answer within 20 ms');
  },
};

async function startServer(options: RespServerOptions = {}): Promise<{ server: RespServer; port: number }> {
  const server = createServer({ commands: [slow, loadFailed], ...options });
  const port = await server.listen();
  ends.push(() => server.close());
  return { server, port };
}

function clientOf(ports: number[], config: Record<string, unknown> = {}, login?: WiredEdge['login']): RedisClient {
  const client = createRedisClient(edgeOf(ports, config, login));
  ends.push(() => client.close());
  return client;
}

const edgeOf = (ports: number[], config: Record<string, unknown> = {}, login?: WiredEdge['login']): WiredEdge => ({
  id: 'shop-cache',
  targetId: 'cache',
  protocol: 'redis',
  config: edgeConfigSchema.parse(config),
  ports,
  login,
});

test('requests along one edge share the connections of a pool, and wait for one when all are taken', async () => {
  const { server, port } = await startServer();
  const client = clientOf([port], { maxConnections: 2, timeoutMs: 60_000 });
  const slowOnes = ['a', 'b', 'c', 'd', 'e'].map((text) => client.call('k', ['SLOW', text]));
  await vi.waitFor(() => expect(server.pending).toBe(2), 15_000);
  expect(client.measure().gauges).toEqual({ poolSize: 2, poolOpen: 2, poolBusy: 2, poolWaiting: 3 });
  release();
  expect(await Promise.all(slowOnes)).toEqual(['a', 'b', 'c', 'd', 'e']);
  const { counters, gauges } = client.measure();
  expect(gauges).toEqual({ poolSize: 2, poolOpen: 2, poolBusy: 0, poolWaiting: 0 });
  expect(counters.poolWaits).toBe(3);
  expect(counters.poolWaitMs).toBeGreaterThan(0);
  expect(server.state.stats.connections).toBe(2);
});

test('without keep-alive each request has a connection of its own', async () => {
  const { server, port } = await startServer();
  const client = clientOf([port], { keepAlive: false });
  for (let i = 0; i < 3; i += 1) await client.call('k', ['PING']);
  expect(server.state.stats.connections).toBe(3);
  expect(client.measure().gauges.poolOpen).toBe(0);
});

test('an answer that does not come in time is given up with its connection, so it is nobody else’s', async () => {
  const { server, port } = await startServer();
  const client = clientOf([port], { maxConnections: 1, timeoutMs: 100 });
  await expect(client.call('k', ['SLOW', 'late'])).rejects.toMatchObject({ reason: 'timeout', hop: 'shop-cache' });
  release();
  expect(await client.call('k', ['ECHO', 'mine'])).toBe('mine');
  expect(server.state.stats.connections).toBe(2);
});

test('so is the wait for a connection; the connection that was given up makes room for the next request', async () => {
  const { port } = await startServer();
  const client = clientOf([port], { maxConnections: 1, timeoutMs: 300 });
  const late = await Promise.allSettled([client.call('k', ['SLOW', 'first']), client.call('k', ['SLOW', 'second'])]);
  for (const call of late)
    expect(call).toMatchObject({
      status: 'rejected',
      reason: {
        reason: 'timeout',
        message: expect.stringMatching(/^(no answer|none of the 1 connections of the pool came free) within 300 ms$/),
      },
    });
  expect(client.measure().gauges.poolWaiting).toBe(0);
  expect(await client.call('k', ['ECHO', 'next'])).toBe('next');
});

test('each way to fail has its reason and its place', async () => {
  const { server, port } = await startServer();
  const client = clientOf([port]);
  await client.call('k', ['SET', 'text', 'x']);
  await expect(client.call('k', ['INCR', 'text'])).rejects.toMatchObject({ reason: 'handler-error', hop: 'cache' });
  // What a cache could not load failed behind it.
  await expect(client.call('k', ['LOAD', 'x'])).rejects.toMatchObject({ reason: 'timeout', hop: 'cache-db' });
  const pending = client.call('k', ['SLOW', 'x']);
  pending.catch(() => {});
  await vi.waitFor(() => expect(server.pending).toBe(1), 15_000);
  await server.close();
  await expect(pending).rejects.toMatchObject({ reason: 'reset', hop: 'shop-cache' });
  await expect(client.call('k', ['PING'])).rejects.toMatchObject({ reason: 'refused', hop: 'shop-cache' });
  await expect(clientOf([]).call('k', ['PING'])).rejects.toMatchObject({ reason: 'refused' });
  release();
});

test('a server that speaks something else is a reset, not a wrong answer', async () => {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('data', () => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'));
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const client = clientOf([(server.address() as { port: number }).port]);
  await expect(client.call('k', ['PING'])).rejects.toMatchObject({ reason: 'reset' });
});

test('it logs in, selects its database, and is refused with a wrong password', async () => {
  const { server, port } = await startServer({ password: 'secret' });
  const login = { user: '', password: 'secret', database: '3' };
  await clientOf([port], {}, login).call('k', ['SET', 'k', 'x']);
  expect(server.state.keyspace.database(3).size).toBe(1);
  const wrong = clientOf([port], {}, { ...login, password: 'guess' });
  await expect(wrong.call('k', ['PING'])).rejects.toMatchObject({ reason: 'refused', hop: 'shop-cache' });
});

test('a key is always on the same replica; one that goes moves only its own keys', async () => {
  const servers = await Promise.all([startServer(), startServer(), startServer()]);
  const ports = servers.map(({ port }) => port);
  const client = clientOf(ports);
  const keys = Array.from({ length: 300 }, (_, i) => `product:${i}`);
  for (const key of keys) await client.call(key, ['SET', key, 'x']);
  const held = servers.map(({ server }) => server.state.keyspace.keys);
  expect(held.reduce((sum, size) => sum + size, 0)).toBe(300);
  for (const size of held) expect(size).toBeGreaterThan(60);
  client.update(edgeOf(ports.slice(0, 2)));
  const found = await Promise.all(keys.map((key) => client.call(key, ['GET', key])));
  expect(found.filter((value) => value === null)).toHaveLength(held[2] as number);
});

test('a request that is under way while its replica is taken away still gets its answer; so do those that wait', async () => {
  const { server, port } = await startServer();
  const client = clientOf([port], { maxConnections: 1, timeoutMs: 60_000 });
  const calls = [client.call('k', ['SLOW', 'a']), client.call('k', ['SLOW', 'b'])];
  await vi.waitFor(() => expect(server.pending).toBe(1), 15_000);
  const other = await startServer();
  client.update(edgeOf([other.port], { maxConnections: 1, timeoutMs: 60_000 }));
  release();
  expect(await Promise.all(calls)).toEqual(['a', 'b']);
  await vi.waitFor(() => expect(server.state.sessions.size).toBe(0), 15_000);
});

test('the policies of the edge act: a retry after a reset, a fallback that counts as a miss', async () => {
  let failures = 2;
  const flaky: Command = {
    ...slow,
    name: 'get',
    run() {
      failures -= 1;
      if (failures >= 0) throw new RespError('LOADING Redis is loading the dataset in memory');
      return 'value';
    },
  };
  const { server, port } = await startServer({ commands: [flaky] });
  const retries = { maxAttempts: 3, on: ['handler-error'], backoff: { type: 'fixed', delayMs: 1 } };
  const client = clientOf([port], { retries, fallback: {} });
  expect(await client.call('k', ['GET', 'k'])).toBe('value');
  expect(client.measure().counters).toMatchObject({ attempts: 3, retries: 2 });
  await server.close();
  expect(await client.call('k', ['GET', 'k'])).toBeNull();
  expect(client.measure().counters).toMatchObject({ fallbacks: 1 });
});
