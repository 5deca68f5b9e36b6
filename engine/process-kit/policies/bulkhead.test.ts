import { expect, it } from 'vitest';
import { createBulkhead } from './bulkhead.ts';

it('lets so many in, keeps so many waiting in their order, and turns the rest away', () => {
  const bulkhead = createBulkhead({ maxConcurrent: 2, maxQueued: 2 });
  const entered: string[] = [];
  const enter = (name: string) => bulkhead.enter(() => entered.push(name));
  expect(['a', 'b', 'c', 'd', 'e'].map((name) => enter(name) !== null)).toEqual([true, true, true, true, false]);
  expect(entered).toEqual(['a', 'b']);
  expect([bulkhead.busy(), bulkhead.waiting()]).toEqual([2, 2]);
  bulkhead.leave();
  expect(entered).toEqual(['a', 'b', 'c']);
  bulkhead.leave();
  expect(entered).toEqual(['a', 'b', 'c', 'd']);
  bulkhead.leave();
  bulkhead.leave();
  expect([bulkhead.busy(), bulkhead.waiting()]).toEqual([0, 0]);
});

it('passes over those who gave up the wait', () => {
  const bulkhead = createBulkhead({ maxConcurrent: 1, maxQueued: 5 });
  const entered: string[] = [];
  const [, b] = ['a', 'b', 'c'].map((name) => bulkhead.enter(() => entered.push(name)));
  b?.();
  bulkhead.leave();
  expect(entered).toEqual(['a', 'c']);
});

it('works off a long queue of calls that end at once without running out of stack', () => {
  const bulkhead = createBulkhead({ maxConcurrent: 1, maxQueued: 50_000 });
  let ended = 0;
  bulkhead.enter(() => {});
  for (let i = 0; i < 50_000; i += 1)
    bulkhead.enter(() => {
      ended += 1;
      bulkhead.leave();
    });
  bulkhead.leave();
  expect(ended).toBe(50_000);
  expect([bulkhead.busy(), bulkhead.waiting()]).toEqual([0, 0]);
});
