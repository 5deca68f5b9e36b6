import { describe, expect, it } from 'vitest';
import type { Distribution } from '../model/distribution.ts';
import { createRandom } from '../traffic/random.ts';
import { burnCpuMs, sampleMs } from './work.ts';

const SAMPLES = 100_000;

function samples(distribution: Distribution) {
  const random = createRandom(5);
  const values = Array.from({ length: SAMPLES }, () => sampleMs(distribution, random)).sort((a, b) => a - b);
  return {
    mean: values.reduce((sum, value) => sum + value, 0) / SAMPLES,
    percentile: (percentile: number) => values[Math.floor((percentile / 100) * SAMPLES)] as number,
  };
}

describe('a duration', () => {
  it.each<[string, Distribution, { mean: number; p50: number; p99: number }]>([
    ['fixed', { type: 'fixed', valueMs: 7 }, { mean: 7, p50: 7, p99: 7 }],
    ['uniform', { type: 'uniform', minMs: 10, maxMs: 20 }, { mean: 15, p50: 15, p99: 19.9 }],
    ['exponential', { type: 'exponential', meanMs: 10 }, { mean: 10, p50: 10 * Math.LN2, p99: 10 * Math.log(100) }],
    [
      'log-normal',
      { type: 'lognormal', medianMs: 10, sigma: 0.5 },
      { mean: 10 * Math.exp(0.125), p50: 10, p99: 10 * Math.exp(0.5 * 2.3263) },
    ],
    [
      'empirical',
      {
        type: 'empirical',
        percentiles: [
          { percentile: 0, valueMs: 2 },
          { percentile: 50, valueMs: 10 },
          { percentile: 90, valueMs: 20 },
          { percentile: 100, valueMs: 120 },
        ],
      },
      { mean: 0.5 * 6 + 0.4 * 15 + 0.1 * 70, p50: 10, p99: 110 },
    ],
  ])('that is %s has the mean and the percentiles of its distribution', (_, distribution, expected) => {
    const { mean, percentile } = samples(distribution);
    // 100,000 samples of one seed: one per cent covers five standard errors of each figure.
    expect(Math.abs(mean / expected.mean - 1)).toBeLessThan(0.01);
    expect(Math.abs(percentile(50) / expected.p50 - 1)).toBeLessThan(0.02);
    expect(Math.abs(percentile(99) / expected.p99 - 1)).toBeLessThan(0.03);
  });

  it('that is empirical never leaves its least and greatest value', () => {
    const distribution: Distribution = {
      type: 'empirical',
      percentiles: [
        { percentile: 0, valueMs: 3 },
        { percentile: 100, valueMs: 5 },
      ],
    };
    expect(sampleMs(distribution, () => 0)).toBe(3);
    expect(sampleMs(distribution, () => 1 - Number.EPSILON)).toBeLessThanOrEqual(5);
  });
});

describe('burning CPU', () => {
  it('uses the CPU time that it is told, however long that takes', () => {
    burnCpuMs(5);
    const before = process.cpuUsage();
    burnCpuMs(40);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeGreaterThanOrEqual(40);
    expect((user + system) / 1000).toBeLessThan(60);
  });

  it('of no time returns at once', () => {
    const before = process.cpuUsage();
    for (let i = 0; i < 1000; i += 1) burnCpuMs(0);
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(100);
  });
});
