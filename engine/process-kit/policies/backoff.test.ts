import { expect, it } from 'vitest';
import { createRandom } from '../../traffic/random.ts';
import { backoffMs } from './backoff.ts';

it('pauses for the same time before each retry when it is fixed', () => {
  const fixed = { type: 'fixed', delayMs: 70 } as const;
  expect([1, 2, 9].map((retry) => backoffMs(fixed, retry, () => 0.9))).toEqual([70, 70, 70]);
});

it('doubles the range of the draw with each retry, up to the maximum', () => {
  const exponential = { type: 'exponential', baseDelayMs: 50, maxDelayMs: 300 } as const;
  const almostOne = 1 - 2 ** -32;
  const longest = [1, 2, 3, 4, 5].map((retry) => Math.round(backoffMs(exponential, retry, () => almostOne)));
  expect(longest).toEqual([50, 100, 200, 300, 300]);
  expect(backoffMs(exponential, 5, () => 0)).toBe(0);
});

it('draws evenly from the whole range, and the same from the same seed', () => {
  const exponential = { type: 'exponential', baseDelayMs: 100, maxDelayMs: 10_000 } as const;
  const draw = (): number[] => {
    const random = createRandom(7);
    return Array.from({ length: 20_000 }, () => backoffMs(exponential, 3, random));
  };
  const pauses = draw();
  expect(draw()).toEqual(pauses);
  const quarters = [0, 0, 0, 0];
  for (const pause of pauses) quarters[Math.floor(pause / 100)] = (quarters[Math.floor(pause / 100)] ?? 0) + 1;
  expect(quarters).toHaveLength(4);
  // 5,000 in each with a standard deviation of 61; the seed makes it the same each time.
  for (const count of quarters) expect(Math.abs(count - 5000)).toBeLessThan(5 * 61);
});
