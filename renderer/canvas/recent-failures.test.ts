import { expect, it } from 'vitest';
import type { TrafficStatus } from '../../engine/api/types.ts';
import { createRecentFailures } from './recent-failures.ts';

const frame = (atMs: number, failures: TrafficStatus['failures'], id = 'one') => ({
  atMs,
  traffic: { id, failures } as TrafficStatus,
});

it('a reason shows where the failures began, and goes some seconds after the last of them', () => {
  const failures = createRecentFailures();
  const timeouts = (count: number) => [{ reason: 'timeout' as const, hop: 'a-b', count }];
  failures.add(frame(0, timeouts(3)));
  expect(failures.at('a-b')).toEqual([{ reason: 'timeout', count: 3 }]);
  expect(failures.at('b')).toEqual([]);
  failures.add(frame(7000, timeouts(4)));
  failures.add(frame(14_000, timeouts(4)));
  expect(failures.at('a-b')).toEqual([{ reason: 'timeout', count: 4 }]);
  failures.add(frame(15_100, timeouts(4)));
  expect(failures.at('a-b')).toEqual([]);
});

it('other traffic begins with no failures', () => {
  const failures = createRecentFailures();
  failures.add(frame(0, [{ reason: 'timeout', hop: 'b', count: 9 }]));
  failures.add(frame(100, [], 'two'));
  expect(failures.at('b')).toEqual([]);
  failures.add(frame(200, [{ reason: 'timeout', hop: 'b', count: 1 }], 'two'));
  expect(failures.at('b')).toEqual([{ reason: 'timeout', count: 1 }]);
});
