import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ProcessTarget } from '../../faults/inject.ts';
import { injectLock } from '../../faults/lock/inject.ts';
import { injectSlowQuery } from '../../faults/slow-query/inject.ts';
import { speedUp } from '../../faults/slow-query/slow-tables.ts';
import { sqlServer } from '../../faults/sql-server.ts';
import { createTestDatabase, type TestDatabase, until } from './fixtures/database.ts';

/* What PostgreSQL itself does with a fault whose engine falls silent: nobody ends the signal in here. */

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ schema: 'create table items (id int); insert into items values (1)' });
  await database.start();
  await database.launch.setUp();
});
afterAll(() => database.end());

const target = (): ProcessTarget => ({
  nodeId: 'db',
  replica: 0,
  pid: () => database.child().pid ?? null,
  healthy: (timeoutMs) => database.launch.healthy(timeoutMs),
  end: () => Promise.reject(new Error('not in this test')),
  start: () => Promise.reject(new Error('not in this test')),
  port: () => null,
  requests: () => null,
  impose: () => () => {},
  siblings: () => [],
  leadTo: async () => {},
  call: (name, payload) => database.launch.call?.(name, payload) as Promise<unknown>,
});
const options = (leaseMs: number) => ({
  id: 'fault-1',
  signal: new AbortController().signal,
  seed: 1,
  expiresAtMs: Date.now() + leaseMs,
  probability: 1,
  platform: process.platform,
});
const statementMs = async (): Promise<number> => {
  const client = await database.connect();
  const startMs = performance.now();
  await client.query('select from items');
  const tookMs = performance.now() - startMs;
  await client.end();
  return tookMs;
};

it('a lock goes when its lease ends, and not before when that was renewed', async () => {
  const { renew } = await injectLock(target(), { table: 'items', mode: 'access exclusive' }, options(1500));
  const expiresAtMs = Date.now() + 3000;
  await renew?.(expiresAtMs);
  await statementMs();
  expect(Date.now()).toBeGreaterThanOrEqual(expiresAtMs - 50);
});

it('statements are fast again when the lease of slow-query ends, and nothing of it is left when it is taken away', async () => {
  const delayMs = 600;
  await injectSlowQuery(target(), { table: '', delayMs, work: 'wait' }, options(3000));
  expect(await statementMs()).toBeGreaterThanOrEqual(delayMs);
  await until('statements are fast', async () => (await statementMs()) < delayMs);
  await speedUp(sqlServer(target()), 1000);
  const [left] = await sqlServer(target()).query({
    sql: `select (select count(*)::int from pg_policy) as policies, to_regnamespace('archipel_fault') as schema,
      (select relrowsecurity or relforcerowsecurity from pg_class where relname = 'items') as ruled`,
  });
  expect(left).toEqual({ policies: 0, schema: null, ruled: false });
});

it('a table with row security of its own is not touched', async () => {
  const client = await database.connect();
  await client.query(
    'create table ruled (id int); insert into ruled values (1); alter table ruled enable row level security',
  );
  const injected = injectSlowQuery(target(), { table: 'ruled', delayMs: 100, work: 'wait' }, options(3000));
  await expect(injected).rejects.toMatchObject({
    code: 'fault-impossible',
    message: expect.stringContaining('"ruled"'),
  });
  const { rows } = await client.query("select to_regnamespace('archipel_fault') as schema");
  expect(rows).toEqual([{ schema: null }]);
});
