import { expect, test } from 'vitest';
import { createArrivals } from './arrivals.ts';

type Options = Parameters<typeof createArrivals>[0];

function take(options: Partial<Options>, count: number): { atMs: number; route: number }[] {
  const arrivals = createArrivals({ seed: 1, ratePerSec: 1000, arrivals: 'poisson', weights: [1], ...options });
  return Array.from({ length: count }, () => {
    const { atMs, route } = arrivals;
    arrivals.advance();
    return { atMs, route };
  });
}

const during = (options: Partial<Options>, durationMs: number): number => {
  const arrivals = createArrivals({ seed: 1, ratePerSec: 1000, arrivals: 'poisson', weights: [1], ...options });
  let count = 0;
  for (; arrivals.atMs < durationMs; arrivals.advance()) count += 1;
  return count;
};

test.each(['poisson', 'uniform'] as const)(
  'a %s schedule replays exactly from its seed, and another seed gives another',
  (arrivals) => {
    const weights = [3, 1, 2];
    const schedule = take({ seed: 42, arrivals, weights }, 5000);
    expect(take({ seed: 42, arrivals, weights }, 5000)).toEqual(schedule);
    expect(take({ seed: 43, arrivals, weights }, 5000)).not.toEqual(schedule);
  },
);

test('this build keeps the schedules of the builds before it', () => {
  const schedule = take({ seed: 7, weights: [1, 1] }, 4);
  expect(schedule.map(({ atMs, route }) => [Number(atMs.toFixed(6)), route])).toMatchInlineSnapshot(`
    [
      [
        0.177589,
        0,
      ],
      [
        0.285157,
        0,
      ],
      [
        0.885669,
        1,
      ],
      [
        0.898988,
        1,
      ],
    ]
  `);
});

test('uniform arrivals are exactly one in each 1/rate, without drift', () => {
  expect(during({ arrivals: 'uniform', ratePerSec: 2000 }, 10_000)).toBe(20_000);
  expect(during({ arrivals: 'uniform', ratePerSec: 3 }, 3_600_000)).toBe(10_800);
  const schedule = take({ arrivals: 'uniform', ratePerSec: 3 }, 1_000_001);
  expect(schedule[1_000_000]?.atMs).toBeCloseTo(1_000_000_000 / 3, 3);
});

test('Poisson arrivals have the mean and the spread of their rate', () => {
  const count = 200_000;
  const schedule = take({ seed: 5, ratePerSec: 2000 }, count);
  const gaps = schedule.map(({ atMs }, index) => atMs - (schedule[index - 1]?.atMs ?? 0));
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / count;
  const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / count);
  // Exponential gaps: the deviation is the mean. Five standard errors, and the seed is fixed.
  expect(Math.abs(mean / 0.5 - 1)).toBeLessThan(5 / Math.sqrt(count));
  expect(Math.abs(deviation / 0.5 - 1)).toBeLessThan(0.02);
  const longer = gaps.filter((gap) => gap > 0.5).length / count;
  expect(longer).toBeCloseTo(Math.exp(-1), 2);
});

test('Poisson gaps do not depend on the gap before', () => {
  const gaps = take({ seed: 9 }, 100_000).map(({ atMs }, index, all) => atMs - (all[index - 1]?.atMs ?? 0));
  const afterLong = gaps.filter((_, index) => (gaps[index - 1] ?? 0) > 2);
  const mean = afterLong.reduce((sum, gap) => sum + gap, 0) / afterLong.length;
  expect(mean).toBeGreaterThan(0.95);
  expect(mean).toBeLessThan(1.05);
});

test('routes are picked by their weights', () => {
  const counts = [0, 0, 0];
  for (const { route } of take({ seed: 3, weights: [6, 3, 1] }, 100_000)) counts[route] = (counts[route] as number) + 1;
  for (const [index, share] of [0.6, 0.3, 0.1].entries())
    expect(Math.abs((counts[index] as number) - share * 100_000)).toBeLessThan(
      5 * Math.sqrt(100_000 * share * (1 - share)),
    );
});
