import { expect, test } from 'vitest';
import { summary } from './summary.mjs';

const none = { passed: 1, failed: 0, skips: [] };

test('what was skipped in one place for one reason is one line, and counted whole', () => {
  const skip = (test: string, why: string) => ({ where: 'a.test.ts', test, why });
  const skips = [skip('one', 'no Java'), skip('two', 'no Java'), skip('three', 'no Redis')];
  const whole = { ...none, name: 'electron', skips: [{ where: 'electron', why: 'no display' }] };
  expect(summary([{ ...none, name: 'unit', skips }, whole])).toEqual([
    'Tests: 2 passed, 0 failed, 4 skipped (unit 1, electron 1)',
    'Skipped: 2 of a.test.ts, because no Java',
    'Skipped: a.test.ts: three, because no Redis',
    'Skipped: all of electron, because no display',
  ]);
});

test('what failed comes last, with the beginning of its message', () => {
  const message = `\u001b[31mexpected 1\u001b[39m\n\nto be 2\n${'at x\n'.repeat(40)}`;
  const failures = [{ where: 'b.test.ts', test: 'adds up', message }];
  const skips = [{ where: 'a.test.ts', test: 'one', why: 'no Java' }];
  const lines = summary([{ name: 'unit', passed: 3, failed: 1, skips, failures, broken: 'no report' }]);
  expect(lines.slice(0, 6)).toEqual([
    'Tests: 3 passed, 1 failed, 1 skipped (unit 3 + 1 failed)',
    'Skipped: a.test.ts: one, because no Java',
    'Broken: no report',
    'Failed: b.test.ts: adds up',
    '  expected 1',
    '  to be 2',
  ]);
  expect(lines).toHaveLength(4 + 12 + 1);
});
