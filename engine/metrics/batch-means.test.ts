import { describe, expect, it } from 'vitest';
import { createRandom } from '../traffic/random.ts';
import { batchMean, studentQuantile } from './batch-means.ts';

describe('the mean of batches', () => {
  it.each([
    [0.975, 1, 12.706],
    [0.975, 9, 2.262],
    [0.995, 30, 2.75],
    [0.9995, 15, 4.073],
  ])("uses Student's t: %f with %i degrees of freedom is %f", (probability, degrees, quantile) => {
    expect(studentQuantile(probability, degrees)).toBeCloseTo(quantile, 2);
  });

  it('is a ratio of sums: batches count by what they hold', () => {
    expect(
      batchMean(
        [
          { sum: 10, count: 1 },
          { sum: 90, count: 9 },
        ],
        0.95,
      ),
    ).toEqual({ value: 10, low: 10, high: 10 });
    expect(batchMean([{ sum: 1, count: 1 }], 0.95)).toEqual({ value: Number.NaN, low: -Infinity, high: Infinity });
  });

  it('has the true mean in its interval as often as it says', () => {
    const random = createRandom(3);
    const RUNS = 2000;
    let hits = 0;
    for (let run = 0; run < RUNS; run += 1) {
      const batches = Array.from({ length: 16 }, () => {
        const count = 50 + Math.floor(random() * 50);
        let sum = 0;
        for (let i = 0; i < count; i += 1) sum -= Math.log(1 - random());
        return { sum, count };
      });
      const { low, high } = batchMean(batches, 0.95);
      if (low <= 1 && 1 <= high) hits += 1;
    }
    // The seed is fixed; 95 % of 2,000 runs give 1,900, and chance some 10 more or less.
    expect(hits / RUNS).toBeGreaterThan(0.93);
    expect(hits / RUNS).toBeLessThan(0.97);
  });
});
