import { describe, expect, it } from 'vitest';
import {
  minimumForPercentile,
  minimumForRatio,
  percentileInterval,
  poissonInterval,
  wilsonInterval,
} from './statistics.ts';

describe('the interval of a ratio', () => {
  it('is the one of the textbook', () => {
    // Wilson 95 % interval of 15 of 148, as in Newcombe (1998), method 3: 0.0624 to 0.1605 for 15/148.
    const { low, high } = wilsonInterval(15, 148, 1.959964);
    expect(low).toBeCloseTo(0.0624, 4);
    expect(high).toBeCloseTo(0.1605, 4);
  });

  it('stays between 0 and 1, says nothing without samples, and narrows with them', () => {
    expect(wilsonInterval(0, 0)).toEqual({ low: 0, high: 1 });
    expect(wilsonInterval(0, 30).low).toBe(0);
    expect(wilsonInterval(30, 30).high).toBe(1);
    const widths = [10, 100, 1000].map((samples) => {
      const { low, high } = wilsonInterval(samples / 2, samples);
      return high - low;
    });
    expect(widths).toEqual([...widths].sort((a, b) => b - a));
  });
});

describe('the interval of a percentile', () => {
  it('lies around it, and is open where the sample is too small', () => {
    const { low, high } = percentileInterval(50, 10_000);
    expect(low).toBeCloseTo(48.7, 1);
    expect(high).toBeCloseTo(51.3, 1);
    expect(percentileInterval(99, 100).high).toBeNull();
    expect(percentileInterval(1, 100).low).toBeNull();
  });
});

it('the interval of a count grows with its square root', () => {
  expect(poissonInterval(100, 2)).toEqual({ low: 80, high: 120 });
  expect(poissonInterval(1, 2).low).toBe(0);
});

it('asks for at least thirty samples, and for ten beyond a percentile', () => {
  expect(minimumForRatio()).toBe(30);
  expect([50, 90, 95, 99, 99.9].map(minimumForPercentile)).toEqual([30, 100, 200, 1000, 10_000]);
});
