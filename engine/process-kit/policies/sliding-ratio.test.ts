import { expect, it } from 'vitest';
import { createSlidingRatio } from './sliding-ratio.ts';

it('counts what happened in the window, and forgets it a window later', () => {
  let nowMs = 0;
  const outcomes = createSlidingRatio(1000, () => nowMs);
  expect(outcomes.failureRatio()).toBe(0);
  for (nowMs = 0; nowMs < 1000; nowMs += 100) outcomes.add(nowMs >= 500);
  nowMs = 999;
  expect(outcomes.total()).toBe(10);
  expect(outcomes.failureRatio()).toBe(0.5);
  nowMs = 1400;
  expect(outcomes.total()).toBe(5);
  expect(outcomes.failureRatio()).toBe(1);
  nowMs = 1_000_000;
  expect(outcomes.total()).toBe(0);
});
