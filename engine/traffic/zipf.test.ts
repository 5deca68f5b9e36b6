import { expect, test } from 'vitest';
import { createRandom } from './random.ts';
import { uniformRank, zipfRank } from './zipf.ts';

/** Upper 99.9 % points of the chi-square distribution, by Wilson and Hilferty (1931). */
function chiSquareLimit(degrees: number): number {
  const z = 3.0902;
  const share = 2 / (9 * degrees);
  return degrees * (1 - share + z * Math.sqrt(share)) ** 3;
}

/** Pearson's statistic of ranks against probabilities; ranks that are rarer than 5 in all count as one class. */
function chiSquare(counts: readonly number[], probabilities: readonly number[], samples: number) {
  let statistic = 0;
  let classes = 0;
  const rest = { count: 0, expected: 0 };
  const add = (count: number, expected: number): void => {
    statistic += (count - expected) ** 2 / expected;
    classes += 1;
  };
  probabilities.forEach((probability, index) => {
    const expected = probability * samples;
    if (expected >= 5) add(counts[index] ?? 0, expected);
    else {
      rest.count += counts[index] ?? 0;
      rest.expected += expected;
    }
  });
  if (rest.expected >= 5) add(rest.count, rest.expected);
  return { statistic, limit: chiSquareLimit(classes - 1) };
}

const SAMPLES = 200_000;

test.each([
  [10, 0.5],
  [100, 1],
  [1000, 0.99],
  [1000, 1.2],
  [50, 3],
  [2, 1],
  [1, 1],
])('of %i keys, Zipf with exponent %d asks for each as often as it should', (keys, exponent) => {
  const sample = zipfRank(keys, exponent);
  const random = createRandom(17);
  const counts = new Array<number>(keys).fill(0);
  for (let drawn = 0; drawn < SAMPLES; drawn += 1) {
    const rank = sample(random);
    counts[rank - 1] = (counts[rank - 1] as number) + 1;
  }
  const weights = counts.map((_, index) => (index + 1) ** -exponent);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const { statistic, limit } = chiSquare(
    counts,
    weights.map((weight) => weight / total),
    SAMPLES,
  );
  if (keys === 1) expect(counts).toEqual([SAMPLES]);
  else expect(statistic).toBeLessThan(limit);
});

test('the test above would notice an exponent that is a little off', () => {
  const sample = zipfRank(100, 1.05);
  const random = createRandom(17);
  const counts = new Array<number>(100).fill(0);
  for (let drawn = 0; drawn < SAMPLES; drawn += 1) {
    const rank = sample(random);
    counts[rank - 1] = (counts[rank - 1] as number) + 1;
  }
  const weights = counts.map((_, index) => 1 / (index + 1));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const { statistic, limit } = chiSquare(
    counts,
    weights.map((weight) => weight / total),
    SAMPLES,
  );
  expect(statistic).toBeGreaterThan(limit);
});

test('a thousand million keys are as cheap as a few', () => {
  const sample = zipfRank(1_000_000_000, 0.8);
  const random = createRandom(3);
  let largest = 0;
  for (let drawn = 0; drawn < 10_000; drawn += 1) {
    const rank = sample(random);
    expect(Number.isInteger(rank)).toBe(true);
    expect(rank).toBeGreaterThanOrEqual(1);
    expect(rank).toBeLessThanOrEqual(1_000_000_000);
    largest = Math.max(largest, rank);
  }
  expect(largest).toBeGreaterThan(900_000_000);
});

test('without skew each key is as likely as any other', () => {
  const sample = uniformRank(20);
  const random = createRandom(8);
  const counts = new Array<number>(20).fill(0);
  for (let drawn = 0; drawn < SAMPLES; drawn += 1) {
    const rank = sample(random);
    counts[rank - 1] = (counts[rank - 1] as number) + 1;
  }
  const { statistic, limit } = chiSquare(counts, new Array<number>(20).fill(1 / 20), SAMPLES);
  expect(statistic).toBeLessThan(limit);
});
