import { expect, test } from 'vitest';
import type { BalanceDefinition } from '../model/definition.ts';
import { balanceOf } from './node-balance.ts';
import type { NodeTotals } from './summary.ts';

const definition: BalanceDefinition = {
  title: 'invocations',
  begun: 'invocations',
  ended: [
    { counter: 'succeeded', title: 'succeeded' },
    { counter: 'timeouts', title: 'timeouts' },
  ],
  open: 'inHand',
};

const totals = (counters: Record<string, number>, inHand: number[] = [], endedProcesses = 0): NodeTotals => ({
  ...{ replicas: 1, rssBytes: 0, cpuUs: 0, requests: 0, errors: 0 },
  ...{ counters, gauges: { inHand }, endedProcesses },
});

test('what was begun, and what was open before, is the sum of what has ended and what is open', () => {
  const before = totals({ invocations: 10, succeeded: 8 }, [2]);
  const now = totals({ invocations: 15, succeeded: 12, timeouts: 1 }, [1, 1]);
  expect(balanceOf('fn', definition, before, now)).toEqual({
    holds: true,
    equation: 'fn: invocations 5 + open before 2 = succeeded 4 + timeouts 1 + open 2',
  });
});

test.each([
  ['too few', { invocations: 3, succeeded: 2 }],
  ['too many', { invocations: 3, succeeded: 4 }],
])('%s that have ended are found', (_, counters) => {
  const { holds, equation } = balanceOf('fn', definition, undefined, totals(counters));
  expect(holds).toBe(false);
  expect(equation).toContain('≠');
});

test('what was in hand in a process that ended has gone with it; more than was begun never has', () => {
  const now = totals({ invocations: 3, succeeded: 2 }, [], 1);
  expect(balanceOf('fn', definition, undefined, now)).toEqual({
    holds: true,
    equation: 'fn: invocations 3 = succeeded 2 + gone with a process 1',
  });
  expect(balanceOf('fn', definition, now, now).holds).toBe(true);
  expect(balanceOf('fn', definition, undefined, totals({ invocations: 3, succeeded: 4 }, [], 1)).holds).toBe(false);
});
