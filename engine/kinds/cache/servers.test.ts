import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createEngine } from '../../api/create-engine.ts';
import type { Engine } from '../../api/engine.ts';
import { findReal, startReal } from '../../wire/resp/contract.fixture.ts';
import { createServer } from '../../wire/resp/server.ts';
import { findRedisServer } from '../redis-server/find.ts';
import { parseRedisUrl } from '../redis-server/url.ts';
import { askRedis, askShop, portOf, shopWithCache } from './cache.fixture.ts';

let engine: Engine;

beforeEach(async () => {
  engine = await createEngine();
});

afterEach(() => engine.close());

const measures = () => engine.frame().nodes.cache?.measures;

/** Ten keys, each read three times. */
const readTenKeys = async (): Promise<void> => {
  for (let round = 0; round < 3; round += 1)
    for (let id = 0; id < 10; id += 1) expect((await askShop(engine, id)).status).toBe(200);
};

describe('a redis-server of this computer', () => {
  beforeEach((context) => context.skip(findReal() === null, 'there is no redis-server on PATH'));

  const start = () => engine.startTopology(shopWithCache({ cache: { server: 'redis-server', maxMemoryMb: 16 } }));

  test('serves the topology, tells its figures, and goes with it', async () => {
    await start();
    await readTenKeys();
    expect((await askRedis(portOf(engine, 'cache'), ['CONFIG', 'GET', 'maxmemory*']))[0]).toEqual(
      expect.arrayContaining(['maxmemory', String(16 * 1024 * 1024), 'maxmemory-policy', 'allkeys-lru']),
    );
    await vi.waitFor(() => expect(measures()).toMatchObject({ keys: 10 }), { timeout: 15_000, interval: 100 });
    expect(measures()?.usedBytes).toBeGreaterThan(10 * 1024);
    expect(engine.frame().nodes.source).toMatchObject({ requests: 10 });
  });

  test.each(['kill', 'pause', 'cache-flush', 'expire', 'eviction-storm'])(
    'takes the fault "%s", with both proofs',
    async (fault) => {
      await start();
      await readTenKeys();
      const target = { node: 'cache', replica: 0 };
      const { id } = await engine.injectFault({ fault, target, parameters: {}, leaseMs: 60_000 });
      const status = () => engine.frame().faults.find((candidate) => candidate.id === id);
      await vi.waitFor(() => expect(status()?.proofOfEffect).toMatchObject({ holds: true }), { timeout: 15_000 });
      expect(await engine.clearFault({ id })).toMatchObject({ state: 'off', proofOfRemoval: { holds: true } });
      expect((await askShop(engine, 1)).status).toBe(200);
    },
  );
});

test('one that is not there is refused with what to do', async () => {
  await expect(findRedisServer({ PATH: '/nowhere' })).rejects.toMatchObject({ code: 'redis-unavailable' });
  await expect(findRedisServer({ PATH: '', ARCHIPEL_REDIS_SERVER: '/nowhere/redis' })).rejects.toMatchObject({
    code: 'redis-unavailable',
    message: expect.stringContaining('/nowhere/redis'),
  });
});

describe('a server by its URL', () => {
  test('is used with its password and database, measured, and never harmed', async () => {
    const own = createServer({ password: 's:e/cret' });
    const port = await own.listen();
    try {
      const url = `redis://:${encodeURIComponent('s:e/cret')}@127.0.0.1:${port}/2`;
      await engine.startTopology(shopWithCache({ cache: { url } }));
      await readTenKeys();
      expect(own.state.keyspace.database(2).size).toBe(10);
      expect(own.state.keyspace.stats).toMatchObject({ hits: 20, misses: 10 });
      await vi.waitFor(() => expect(measures()).toMatchObject({ keys: 10 }), { timeout: 15_000, interval: 100 });
      const target = { node: 'cache', replica: 0 };
      await expect(
        engine.injectFault({ fault: 'cache-flush', target, parameters: {}, leaseMs: 1000 }),
      ).rejects.toMatchObject({ code: 'fault-impossible' });
      await engine.stopTopology();
      expect(own.state.keyspace.keys).toBe(10);
      await vi.waitFor(() => expect(own.state.sessions.size).toBe(0), 15_000);
    } finally {
      await own.close();
    }
  });

  test('that is a redis-server is used in the same way', async ({ skip }) => {
    const real = findReal();
    if (real === null) return skip('there is no redis-server on PATH');
    const own = await startReal(real, '--requirepass', 'secret');
    try {
      await engine.startTopology(shopWithCache({ cache: { url: `redis://:secret@127.0.0.1:${own.port}/2` } }));
      await readTenKeys();
      await vi.waitFor(() => expect(measures()).toMatchObject({ keys: 10 }), { timeout: 15_000, interval: 100 });
      expect(engine.frame().nodes.source).toMatchObject({ requests: 10 });
      await engine.stopTopology();
      expect((await askRedis(own.port, ['AUTH', 'secret'], ['SELECT', '2'], ['DBSIZE']))[2]).toBe(10);
    } finally {
      await own.stop();
    }
  });

  test('is read with what may be left out, and refused without telling its password', () => {
    expect(parseRedisUrl('redis://cache.example')).toEqual({
      host: 'cache.example',
      port: 6379,
      login: { user: '', password: '', database: '' },
    });
    expect(parseRedisUrl('redis://me:p%40ss@[::1]:7000/3')).toEqual({
      host: '::1',
      port: 7000,
      login: { user: 'me', password: 'p@ss', database: '3' },
    });
    for (const url of ['redis://', 'redis://:secret@host/db', 'redis://:secret@host?x=1', 'redis://:%zz@host']) {
      expect(() => parseRedisUrl(url)).toThrow(expect.objectContaining({ code: 'redis-unavailable' }));
      expect(() => parseRedisUrl(url)).not.toThrow(/secret/);
    }
  });
});
