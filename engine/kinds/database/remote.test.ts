import { describe, expect, it, onTestFinished } from 'vitest';
import { createTestDatabase, databaseConfig } from './fixtures/database.ts';
import { launchDatabase } from './launch.ts';
import { parseDatabaseUrl } from './remote.ts';

const refusal = (text: string): unknown => {
  try {
    parseDatabaseUrl(text);
  } catch (error) {
    return error;
  }
  return null;
};

describe('the URL of a database', () => {
  it('says host, port and login, with escapes', () => {
    expect(parseDatabaseUrl('postgres://shop%40home:p%2Fw@db.local:6543/orders?sslmode=disable')).toEqual({
      host: 'db.local',
      port: 6543,
      login: { user: 'shop@home', password: 'p/w', database: 'orders' },
    });
  });

  it('may leave port, password and database out', () => {
    const login = { user: 'me', password: '', database: 'me' };
    expect(parseDatabaseUrl('postgresql://me@[::1]')).toEqual({ host: '::1', port: 5432, login });
  });

  it('is refused with the next step when it asks for what a link cannot carry', () => {
    expect(refusal('postgres://me:secret@db/x?sslmode=verify-full')).toMatchObject({
      code: 'database-unavailable',
      message: expect.stringContaining('TLS'),
      nextStep: expect.stringContaining('sslmode=disable'),
    });
    expect(refusal('postgres://me:secret@db/x?host=/run/postgresql')).toMatchObject({
      message: expect.stringContaining('"host"'),
    });
    expect(refusal('postgres:///x')).toMatchObject({ message: expect.stringContaining('no URL with a host') });
  });

  it('never shows up in an error: it holds a password', () => {
    for (const text of [
      'postgres://me:secret@db/x?sslmode=require',
      'postgres://me:secret%@db/x',
      'postgres://me:secret@db:port/x',
    ])
      expect(JSON.stringify(refusal(text), ['message', 'nextStep', 'code'])).not.toContain('secret');
  });
});

describe("the user's own server", () => {
  it('is used, and neither started nor killed; its set-up SQL runs as it is', async () => {
    const own = await createTestDatabase();
    onTestFinished(() => own.end());
    await own.start();
    await own.launch.setUp();
    const { login, port } = own.launch;
    const url = `postgres://${login?.user}:${login?.password}@127.0.0.1:${port}/${login?.database}`;
    const setupSql = 'create table if not exists visits (at timestamptz); insert into visits values (now())';
    const abort = new AbortController();
    const context = {
      replica: 0,
      scope: {},
      directory: '/nowhere',
      port: () => Promise.reject(new Error('asks for no port')),
      signal: abort.signal,
    };
    for (let start = 1; start <= 2; start += 1) {
      const launch = await launchDatabase({ ...context, config: databaseConfig({ url, setupSql }) });
      if (launch.type !== 'remote') throw new Error('started something');
      expect([launch.host, launch.port, launch.login]).toEqual(['127.0.0.1', port, login]);
      expect(await launch.healthy(1000)).toBe(true);
      await launch.setUp();
      expect(await launch.measure?.()).toMatchObject({ gauges: { connections: 0, locksWaiting: 0 } });
    }
    abort.abort();
    const client = await own.connect();
    const { rows } = await client.query('select count(*)::int as visits from visits');
    expect(rows).toEqual([{ visits: 2 }]);
  });

  it('is unhealthy when nothing answers there', async () => {
    const launch = await launchDatabase({
      config: databaseConfig({ url: 'postgres://me@127.0.0.1:9' }),
      replica: 0,
      scope: {},
      directory: '/nowhere',
      port: () => Promise.resolve(0),
      signal: new AbortController().signal,
    });
    if (launch.type !== 'remote') throw new Error('started something');
    expect(await launch.healthy(500)).toBe(false);
  });
});
