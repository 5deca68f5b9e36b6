import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createEngine } from '../../api/create-engine.ts';
import type { Engine } from '../../api/engine.ts';
import { seededRandom } from '../../faults/random.ts';
import { askRedis, askShop, portOf, shopWithCache } from './cache.fixture.ts';

let engine: Engine;

beforeEach(async () => {
  engine = await createEngine();
});

afterEach(() => engine.close());

/** Figures come with the frames of the processes. */
const eventually = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 15_000, interval: 50 });

const start = (options: Parameters<typeof shopWithCache>[0] = {}): Promise<void> =>
  engine.startTopology(shopWithCache(options));
const loadsSeen = (): number => engine.frame().nodes.source?.requests ?? 0;
const edgeOf = (id: string) => engine.frame().edges[id];
const stats = async (): Promise<Record<string, string>> => {
  const [info] = await askRedis(portOf(engine, 'cache'), ['INFO', 'stats']);
  return Object.fromEntries(
    String(info)
      .split('\r\n')
      .map((line) => line.split(':', 2)),
  );
};

describe('cache-aside', () => {
  test('each key is loaded once: the hit ratio is exactly 1 − distinct keys / reads', async () => {
    await start();
    const random = seededRandom(7);
    const ids = Array.from({ length: 400 }, () => Math.floor(random() * 60));
    for (const id of ids) expect((await askShop(engine, id)).status).toBe(200);
    const distinct = new Set(ids).size;
    expect(await stats()).toMatchObject({
      keyspace_hits: String(ids.length - distinct),
      keyspace_misses: String(distinct),
    });
    await eventually(() => {
      expect(loadsSeen()).toBe(distinct);
      // The reads, and one write for each miss.
      expect(edgeOf('shop-cache')).toMatchObject({ requests: ids.length + distinct, errors: 0 });
      expect(engine.frame().nodes.cache).toMatchObject({ requests: ids.length + distinct + 1, errors: 0 });
      expect(engine.frame().nodes.cache?.measures).toMatchObject({ keys: distinct });
    });
  });

  test('values have their size in bytes, and live for their time, spread by the jitter', async () => {
    await start({ step: { ttlMs: 600_000, ttlJitter: 0.5, valueBytes: 5000 } });
    const ids = Array.from({ length: 150 }, (_, id) => id);
    const startedMs = performance.now();
    for (const id of ids) await askShop(engine, id);
    const replies = await askRedis(
      portOf(engine, 'cache'),
      ['STRLEN', 'product:0'],
      ...ids.map((id) => ['PTTL', `product:${id}`]),
    );
    const elapsedMs = performance.now() - startedMs;
    const [bytes, ...lives] = replies as number[];
    expect(bytes).toBe(5000);
    expect(Math.max(...lives)).toBeLessThanOrEqual(900_000);
    expect(Math.min(...lives)).toBeGreaterThanOrEqual(300_000 - elapsedMs);
    // Uniform over 600 s: of 150 the mean misses its own by more than 4 standard errors once in 15,000 runs.
    const mean = lives.reduce((sum, life) => sum + life, 0) / lives.length;
    const standardError = 600_000 / Math.sqrt(12 * lives.length);
    expect(Math.abs(mean - 600_000)).toBeLessThan(4 * standardError + elapsedMs);
    // Within a tenth of the span lies a tenth of them: 40 of 150 would be 10 standard deviations more.
    const counts = Array.from({ length: 10 }, (_, i) =>
      lives.filter((life) => Math.floor((life - 300_000) / 60_000) === i),
    );
    expect(Math.max(...counts.map(({ length }) => length))).toBeLessThan(40);
  });

  test('with single-flight one load serves all who miss the same key at once', async () => {
    await start({ step: { singleFlight: true }, sourceMs: 2000 });
    const answers = await Promise.all(Array.from({ length: 40 }, () => askShop(engine, 1)));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    await eventually(() => {
      expect(loadsSeen()).toBe(1);
      expect(edgeOf('shop-cache')?.measures).toMatchObject({ 'cache-coalesced': 39, 'cache-loads': 1 });
    });
  });

  test('without it they stampede: each of them loads', async () => {
    await start({ sourceMs: 2000 });
    await Promise.all(Array.from({ length: 40 }, () => askShop(engine, 1)));
    await eventually(() => {
      expect(loadsSeen()).toBe(40);
      expect(edgeOf('shop-cache')?.measures).toMatchObject({ 'cache-coalesced': 0, 'cache-loads': 40 });
    });
  });

  test('a stale value is answered while one load renews it in the background', async () => {
    await start({ step: { ttlMs: 50, staleWhileRevalidateMs: 600_000, singleFlight: true }, sourceMs: 3000 });
    await askShop(engine, 1);
    const [life] = (await askRedis(portOf(engine, 'cache'), ['PTTL', 'product:1'])) as [number];
    expect(life).toBeGreaterThan(500_000);
    await new Promise((resolve) => setTimeout(resolve, 60));
    const startMs = performance.now();
    await Promise.all([askShop(engine, 1), askShop(engine, 1), askShop(engine, 1)]);
    // Nobody waited for the load.
    expect(performance.now() - startMs).toBeLessThan(3000);
    await eventually(() => {
      expect(loadsSeen()).toBe(2);
      expect(edgeOf('shop-cache')?.measures).toMatchObject({ 'cache-stale': 3, 'cache-coalesced': 2 });
    });
  });

  test('a cache that is down costs its help, not the request; unless the step says so', async () => {
    await start({ cacheEdge: { timeoutMs: 500 } });
    await askShop(engine, 1);
    const fault = { target: { node: 'cache', replica: 0 }, leaseMs: 60_000 };
    const { id } = await engine.injectFault({ fault: 'kill', parameters: {}, ...fault });
    expect(await askShop(engine, 1)).toMatchObject({ status: 200 });
    await eventually(() => {
      expect(loadsSeen()).toBe(2);
      expect(edgeOf('shop-cache')?.measures).toMatchObject({ 'cache-bypassed': 1 });
      expect(edgeOf('shop-cache')?.errors).toBe(1);
    });
    await engine.clearFault({ id });
    // A new process with no keys, on which the callers go on.
    await askShop(engine, 2);
    await askShop(engine, 2);
    await eventually(() => expect(loadsSeen()).toBe(3));
    // One that hangs is given up after the edge's timeout.
    await engine.injectFault({ fault: 'pause', parameters: {}, ...fault });
    expect(await askShop(engine, 2)).toMatchObject({ status: 200 });
    await eventually(() => expect(loadsSeen()).toBe(4));
    await engine.applyDocument(shopWithCache({ step: { onCacheFailure: 'fail' }, cacheEdge: { timeoutMs: 500 } }));
    expect(await askShop(engine, 2)).toEqual({ status: 504, reason: 'timeout', hop: 'shop-cache' });
  });
});

describe('read-through', () => {
  const readThrough = [{ keys: 'product:{id}', edge: 'cache-source', path: '/products/{id}' }];

  test('the cache loads what it does not hold, once for all who ask at once, and keeps the answer', async () => {
    await start({ step: { pattern: 'read-through', steps: [] }, cache: { readThrough }, sourceMs: 700 });
    const answers = await Promise.all(Array.from({ length: 20 }, () => askShop(engine, 5)));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    await askShop(engine, 5);
    await eventually(() => {
      expect(loadsSeen()).toBe(1);
      expect(engine.frame().nodes.cache?.measures).toMatchObject({ loads: 1, keys: 1 });
      expect(edgeOf('cache-source')).toMatchObject({ requests: 1, errors: 0 });
    });
    const [value, other] = await askRedis(portOf(engine, 'cache'), ['GET', 'product:5'], ['GET', 'user:5']);
    expect(JSON.parse(value as string)).toEqual({ node: 'source', replica: 0 });
    expect(other).toBeNull();
  });

  test('what fails behind the cache fails the request there; a cache that is down is gone round', async () => {
    const load = { do: 'call', edge: 'shop-source', path: '/products/{id}' };
    await start({ step: { pattern: 'read-through', steps: [load] }, cache: { readThrough } });
    await askShop(engine, 1);
    const ofSource = { target: { node: 'source', replica: 0 }, parameters: {}, leaseMs: 60_000 };
    const { id } = await engine.injectFault({ fault: 'kill', ...ofSource });
    expect((await askShop(engine, 1)).status).toBe(200);
    expect(await askShop(engine, 2)).toEqual({ status: 502, reason: 'refused', hop: 'cache-source' });
    await engine.clearFault({ id });
    await engine.injectFault({ ...ofSource, fault: 'kill', target: { node: 'cache', replica: 0 } });
    expect((await askShop(engine, 3)).status).toBe(200);
    await eventually(() => expect(edgeOf('shop-cache')?.measures).toMatchObject({ 'cache-bypassed': 1 }));
  });

  test('a key that no rule matches says so', async () => {
    await start({
      step: { pattern: 'read-through', steps: [] },
      cache: { readThrough: [{ ...readThrough[0], keys: 'p:{id}' }] },
    });
    expect(await askShop(engine, 1)).toEqual({ status: 500, reason: 'handler-error', hop: 'cache' });
  });
});

test('several replicas share the keys, each key on one of them', async () => {
  await start({ cache: { replicas: 3 } });
  for (let round = 0; round < 2; round += 1) for (let id = 0; id < 90; id += 1) await askShop(engine, id);
  const sizes: number[] = [];
  for (let replica = 0; replica < 3; replica += 1)
    sizes.push((await askRedis(portOf(engine, 'cache', replica), ['DBSIZE']))[0] as number);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(90);
  // A third each, which binomially varies by 4.5.
  for (const size of sizes) expect(Math.abs(size - 30)).toBeLessThan(20);
  await eventually(() => expect(loadsSeen()).toBe(90));
});

test('limits of the embedded server hold: the most keys, the default time to live', async () => {
  await start({ step: { ttlMs: null }, cache: { maxKeys: 10, defaultTtlMs: 600_000 } });
  for (let id = 0; id < 25; id += 1) await askShop(engine, id);
  const [size, life] = (await askRedis(portOf(engine, 'cache'), ['DBSIZE'], ['PTTL', 'product:24'])) as number[];
  expect(size).toBe(10);
  expect(life).toBeGreaterThan(500_000);
  await eventually(() => expect(engine.frame().nodes.cache?.measures).toMatchObject({ keys: 10, evicted: 15 }));
});

test('a key that expires is loaded again, and only that one; keys that are not there are no proof', async () => {
  await start();
  for (const id of [1, 2]) await askShop(engine, id);
  // An answer does not wait for its place in the cache.
  await eventually(() => expect(engine.frame().nodes.cache?.measures).toMatchObject({ keys: 2 }));
  const target = { node: 'cache', replica: 0 };
  const { id } = await engine.injectFault({
    fault: 'expire',
    target,
    parameters: { pattern: 'product:1' },
    leaseMs: 60_000,
  });
  const proof = (of: string) => engine.frame().faults.find((fault) => fault.id === of)?.proofOfEffect;
  await eventually(() => expect(proof(id)).toMatchObject({ holds: true }));
  await engine.clearFault({ id });
  for (const key of [1, 2]) await askShop(engine, key);
  await eventually(() => expect(loadsSeen()).toBe(3));
  const wrong = await engine.injectFault({
    fault: 'expire',
    target,
    parameters: { pattern: 'nothing:*' },
    leaseMs: 60_000,
  });
  await eventually(() => expect(proof(wrong.id)).toMatchObject({ holds: false }));
});
