import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  createHistogram,
  type Histogram,
  merge,
  mergeSparse,
  percentileMs,
  record,
  reset,
  toSparse,
} from './histogram.ts';

const durationsMs = fc.array(
  fc.oneof(fc.double({ min: 0, max: 5, noNaN: true }), fc.double({ min: 0, max: 5_000_000, noNaN: true })),
  { minLength: 1, maxLength: 300 },
);

function recorded(values: number[]): Histogram {
  const histogram = createHistogram();
  for (const value of values) record(histogram, value);
  return histogram;
}

/** The value that the definition names, at the resolution of a microsecond. */
function exact(values: number[], percentile: number): number {
  const sorted = values.map((value) => Math.min(Math.round(value * 1000), 2 ** 32 - 1) / 1000).sort((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil((percentile / 100) * sorted.length)) - 1] as number;
}

test('every percentile is off by less than 0.8 %', () => {
  fc.assert(
    fc.property(durationsMs, fc.double({ min: 0, max: 100, noNaN: true }), (values, percentile) => {
      const truth = exact(values, percentile);
      const seen = percentileMs(recorded(values), percentile) as number;
      expect(Math.abs(seen - truth)).toBeLessThanOrEqual(truth * 0.008 + 1e-9);
    }),
  );
});

test('what is below 256 µs is exact, and so is the greatest value', () => {
  for (let us = 0; us < 256; us += 1) expect(percentileMs(recorded([us / 1000]), 50)).toBe(us / 1000);
  expect(percentileMs(recorded([1, 70.123, 12_345.678]), 100)).toBe(12_345.678);
});

test('merging loses nothing, whole or sparse, in any order', () => {
  fc.assert(
    fc.property(durationsMs, durationsMs, (first, second) => {
      const together = recorded([...first, ...second]);
      const merged = recorded(first);
      merge(merged, recorded(second));
      expect(merged).toEqual(together);
      const fromSparse = createHistogram();
      for (const values of [second, first])
        mergeSparse(fromSparse, JSON.parse(JSON.stringify(toSparse(recorded(values)))));
      expect(fromSparse).toEqual(together);
    }),
  );
});

test('a negative duration counts as 0, one beyond the range as its end', () => {
  expect(percentileMs(recorded([-3]), 50)).toBe(0);
  expect(percentileMs(recorded([1e12]), 100)).toBe((2 ** 32 - 1) / 1000);
});

test('an empty histogram has no percentile, and is empty again after a reset', () => {
  const histogram = createHistogram();
  expect(percentileMs(histogram, 99)).toBeNull();
  expect(toSparse(histogram)).toEqual([]);
  record(histogram, 12);
  reset(histogram);
  expect(histogram).toEqual(createHistogram());
});
