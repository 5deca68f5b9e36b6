import { expect, test } from 'vitest';
import { limitsOf, loadCounters } from './limits.ts';

const edges = [{ id: 'shop-db', source: 'shop', target: 'db' }];
const frame = (calls: NonNullable<Parameters<typeof loadCounters>[0]['calls']>) =>
  loadCounters({ handlingMs: 1000, calls } as Parameters<typeof loadCounters>[0]);

test('the pool of an edge binds when calls mostly wait for its connections', () => {
  const grown = frame({ 'shop-db': { requests: 10, errors: 0, timeMs: 900, counters: { poolWaitMs: 600 } } });
  expect(limitsOf({ shop: { cpu: 0.1, grown }, db: { cpu: 0.2, grown: {} } }, edges)).toEqual({
    shop: {
      limit: 'pool',
      edge: 'shop-db',
      detail: '67 % of the time of its calls of "db" is a wait for a connection of their pool',
    },
    db: null,
  });
});

test('a callee that is at its own limit comes before the pool that it makes wait', () => {
  const grown = frame({ 'shop-db': { requests: 10, errors: 0, timeMs: 900, counters: { poolWaitMs: 600 } } });
  const { shop, db } = limitsOf({ shop: { cpu: 0.1, grown }, db: { cpu: 0.95, grown: {} } }, edges);
  expect(db?.limit).toBe('cpu');
  expect(shop).toMatchObject({ limit: 'callee', edge: 'shop-db' });
});

test('a pool with waits that do not matter binds nothing', () => {
  const grown = frame({ 'shop-db': { requests: 10, errors: 0, timeMs: 900, counters: { poolWaitMs: 100 } } });
  expect(limitsOf({ shop: { cpu: 0.1, grown }, db: { cpu: 0.2, grown: {} } }, edges).shop).toBeNull();
});

test('a database is bound by locks, or by its connections', () => {
  const limitOf = (grown: Record<string, number>) => limitsOf({ db: { cpu: 0.1, grown } }, []).db?.limit ?? null;
  expect(limitOf({ activeMs: 1000, lockWaitMs: 800, connectionMs: 2000, connectionLimitMs: 20_000 })).toBe('locks');
  expect(limitOf({ activeMs: 1000, lockWaitMs: 0, connectionMs: 19_000, connectionLimitMs: 20_000 })).toBe(
    'connections',
  );
  expect(limitOf({ activeMs: 1000, lockWaitMs: 100, connectionMs: 2000, connectionLimitMs: 20_000 })).toBeNull();
});
