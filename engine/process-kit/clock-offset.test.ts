import { expect, test } from 'vitest';
import { clockOffset } from './clock-offset.ts';

/** Two clocks of one time, 1000 ms apart; each reading takes 0.001 ms, and some are interrupted after it. */
function interrupted(interruptionsMs: Record<number, number>) {
  let timeMs = 0;
  let readings = 0;
  const read = (aheadMs: number) => () => {
    const here = timeMs + aheadMs;
    timeMs += 0.001 + (interruptionsMs[readings] ?? 0);
    readings += 1;
    return here;
  };
  return clockOffset(read(0), read(1000));
}

test.each([
  ['nobody interrupts it', {}],
  ['interrupted before the other clock is read', { 0: 80 }],
  ['interrupted after it', { 1: 80 }],
  ['interrupted nearly each time', { 0: 80, 4: 20, 6: 300, 13: 7 }],
])('an offset is right to a microsecond: %s', (_, interruptionsMs) => {
  expect(interrupted(interruptionsMs)).toBeCloseTo(1000, 2);
});

test('clocks that do not move between the readings are as far apart as they say', () => {
  expect(
    clockOffset(
      () => 5,
      () => 12,
    ),
  ).toBe(7);
});
