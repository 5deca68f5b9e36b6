import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { afterEach, expect, test } from 'vitest';
import { createServer, type RespServer } from './server.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function startServer(options: Parameters<typeof createServer>[0] = {}): Promise<RespServer & { port: number }> {
  const server = createServer(options);
  const port = await server.listen();
  ends.push(() => server.close());
  return Object.assign(server, { port });
}

test('ioredis connects, unchanged, and finds what it stored', async () => {
  const { port } = await startServer();
  const redis = new Redis(port, '127.0.0.1');
  ends.push(() => redis.disconnect());
  expect(await redis.set('é', 'naïve 🙂', 'EX', 100)).toBe('OK');
  expect(await redis.get('é')).toBe('naïve 🙂');
  expect(await redis.ttl('é')).toBe(100);
  const binary = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
  await redis.set('binary', binary);
  expect(await redis.getBuffer('binary')).toEqual(binary);
  const results = await redis.pipeline().incr('n').incr('n').get('n').exec();
  expect(results).toEqual([
    [null, 1],
    [null, 2],
    [null, '2'],
  ]);
  await expect(redis.call('nope')).rejects.toThrow("ERR unknown command 'nope'");
  const seen: string[] = [];
  for await (const keys of redis.scanStream({ count: 1 })) seen.push(...keys);
  expect(seen.sort()).toEqual(['binary', 'n', 'é']);
  expect(await redis.quit()).toBe('OK');
});

test('node-redis connects, unchanged, with RESP2 and RESP3', async () => {
  const { port } = await startServer();
  for (const RESP of [2, 3] as const) {
    const client = createClient({ socket: { host: '127.0.0.1', port }, RESP });
    client.on('error', () => {});
    await client.connect();
    expect(await client.set(`key ${RESP}`, 'value', { expiration: { type: 'PX', value: 60_000 } })).toBe('OK');
    expect(await client.get(`key ${RESP}`)).toBe('value');
    expect(await client.get('none')).toBeNull();
    expect(await client.mGet([`key ${RESP}`, 'none'])).toEqual(['value', null]);
    expect(await client.configGet('maxmemory-policy')).toEqual({ 'maxmemory-policy': 'noeviction' });
    expect(await client.info('server')).toContain('redis_version:7');
    expect((await client.scan('0', { MATCH: `key ${RESP}` })).keys).toEqual([`key ${RESP}`]);
    await client.close();
  }
});

test('both log in where a password is asked for, and are told when it is wrong', async () => {
  const { port } = await startServer({ password: 'secret' });
  const redis = new Redis({ port, host: '127.0.0.1', password: 'secret' });
  ends.push(() => redis.disconnect());
  expect(await redis.ping()).toBe('PONG');
  const client = createClient({ url: `redis://:secret@127.0.0.1:${port}/3` });
  client.on('error', () => {});
  await client.connect();
  expect(await client.set('a', '1')).toBe('OK');
  expect(await redis.dbsize()).toBe(0);
  await client.close();
  const wrong = createClient({ url: `redis://:guess@127.0.0.1:${port}`, socket: { reconnectStrategy: false } });
  wrong.on('error', () => {});
  await expect(wrong.connect()).rejects.toThrow('WRONGPASS');
});

test('a value of megabytes arrives whole, and one beyond the limit ends the connection with its reason', async () => {
  const { port } = await startServer({ maxStringBytes: 4 * 1024 * 1024 });
  const redis = new Redis({ port, host: '127.0.0.1', retryStrategy: () => null });
  redis.on('error', () => {});
  ends.push(() => redis.disconnect());
  const value = Buffer.alloc(3 * 1024 * 1024, 'abcdefg');
  await redis.set('large', value);
  expect(value.equals((await redis.getBuffer('large')) as Buffer)).toBe(true);
  await expect(redis.set('larger', Buffer.alloc(5 * 1024 * 1024))).rejects.toThrow();
});
