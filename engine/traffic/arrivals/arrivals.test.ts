import { expect, test } from 'vitest';
import { areaBetween, type Curve, constantCurve } from '../../model/curve.ts';
import { createRandom, streamOf } from '../random.ts';
import type { Arrivals } from './arrivals.ts';
import { poissonArrivals } from './poisson.ts';
import { tracedArrivals } from './traced.ts';
import { uniformArrivals } from './uniform.ts';

const poisson = (seed: number, curve: Curve): Arrivals =>
  poissonArrivals(curve, createRandom(seed, streamOf('arrivals')));

function take(arrivals: Arrivals, count: number): number[] {
  return Array.from({ length: count }, () => {
    const { atMs } = arrivals;
    arrivals.advance();
    return atMs;
  });
}

function until(arrivals: Arrivals, endMs: number): number[] {
  const times: number[] = [];
  for (; arrivals.atMs < endMs; arrivals.advance()) times.push(arrivals.atMs);
  return times;
}

const ramp: Curve = {
  start: 0,
  stages: [
    { durationMs: 1000, target: 100 },
    { durationMs: 2000, target: 100 },
    { durationMs: 0, target: 400 },
    { durationMs: 1000, target: 0 },
  ],
  after: 'end',
};

test('a schedule replays exactly from its seed, and another seed gives another', () => {
  const schedule = take(poisson(42, constantCurve(1000)), 5000);
  expect(take(poisson(42, constantCurve(1000)), 5000)).toEqual(schedule);
  expect(take(poisson(43, constantCurve(1000)), 5000)).not.toEqual(schedule);
});

test('this build keeps the schedules of the builds before it', () => {
  expect(take(poisson(7, constantCurve(1000)), 4).map((atMs) => Number(atMs.toFixed(6)))).toMatchInlineSnapshot(`
    [
      0.299748,
      4.570952,
      4.912985,
      4.913318,
    ]
  `);
});

test('uniform arrivals are exactly one in each 1/rate, without drift', () => {
  expect(until(uniformArrivals(constantCurve(2000)), 10_000)).toHaveLength(20_000);
  expect(until(uniformArrivals(constantCurve(3)), 3_600_000)).toHaveLength(10_800);
  expect(take(uniformArrivals(constantCurve(3)), 1_000_001)[1_000_000]).toBeCloseTo(1_000_000_000 / 3, 3);
});

test('uniform arrivals on a ramp come when the area below it has grown by one', () => {
  const times = until(uniformArrivals(ramp), 10_000);
  // 50 on the way up, 200 at the top, 200 on the way down from 400.
  expect(times).toHaveLength(450);
  for (const [index, atMs] of times.entries()) expect(areaBetween(ramp, 0, atMs) / 1000).toBeCloseTo(index, 6);
});

test('a stage without arrivals is passed over, and a rate of zero that stays sends nothing more', () => {
  const quiet: Curve = {
    start: 0,
    stages: [
      { durationMs: 5000, target: 0 },
      { durationMs: 0, target: 10 },
      { durationMs: 1000, target: 10 },
      { durationMs: 0, target: 0 },
    ],
    after: 'hold',
  };
  const times = take(uniformArrivals(quiet), 12);
  expect(times.slice(0, 10)).toEqual([5000, 5100, 5200, 5300, 5400, 5500, 5600, 5700, 5800, 5900]);
  expect(times.slice(10)).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
});

test('a curve that repeats goes on as it began', () => {
  const wave: Curve = {
    start: 0,
    stages: [
      { durationMs: 500, target: 40 },
      { durationMs: 500, target: 0 },
    ],
    after: 'repeat',
  };
  const times = until(uniformArrivals(wave), 100_000);
  expect(times).toHaveLength(2000);
  expect((times[1990] as number) - 99_000).toBeCloseTo(times[10 + 0] as number, 6);
  expect(until(uniformArrivals({ ...wave, stages: [{ durationMs: 500, target: 0 }] }), 1e6)).toEqual([]);
});

test('Poisson arrivals have the mean and the spread of their rate', () => {
  const count = 200_000;
  const times = take(poisson(5, constantCurve(2000)), count);
  const gaps = times.map((atMs, index) => atMs - (times[index - 1] ?? 0));
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / count;
  const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / count);
  // Exponential gaps: the deviation is the mean. Five standard errors, and the seed is fixed.
  expect(Math.abs(mean / 0.5 - 1)).toBeLessThan(5 / Math.sqrt(count));
  expect(Math.abs(deviation / 0.5 - 1)).toBeLessThan(0.02);
  const longer = gaps.filter((gap) => gap > 0.5).length / count;
  expect(longer).toBeCloseTo(Math.exp(-1), 2);
});

test('Poisson gaps do not depend on the gap before', () => {
  const times = take(poisson(9, constantCurve(1000)), 100_000);
  const gaps = times.map((atMs, index) => atMs - (times[index - 1] ?? 0));
  const afterLong = gaps.filter((_, index) => (gaps[index - 1] ?? 0) > 2);
  const mean = afterLong.reduce((sum, gap) => sum + gap, 0) / afterLong.length;
  expect(mean).toBeGreaterThan(0.95);
  expect(mean).toBeLessThan(1.05);
});

test('Poisson arrivals on a ramp come in proportion to the area below each part of it', () => {
  const runs = 400;
  const parts = [0, 500, 1000, 2000, 3000, 3500, 4000];
  const counts = new Array<number>(parts.length - 1).fill(0);
  for (let seed = 1; seed <= runs; seed += 1)
    for (const atMs of until(poisson(seed, ramp), 4000))
      for (const [index, fromMs] of parts.slice(0, -1).entries())
        if (atMs >= fromMs && atMs < (parts[index + 1] as number)) counts[index] = (counts[index] as number) + 1;
  for (const [index, count] of counts.entries()) {
    const expected = (runs * areaBetween(ramp, parts[index] as number, parts[index + 1] as number)) / 1000;
    // A Poisson count: five standard errors, and the seeds are fixed.
    expect(Math.abs(count - expected)).toBeLessThan(5 * Math.sqrt(expected));
  }
});

test('a trace is replayed at its times, and then nothing more comes', () => {
  const arrivals = tracedArrivals([
    [0, 0, '/a', 0],
    [7.5, 1, '/b', 10],
    [7.5, 0, '/a', 0],
  ]);
  expect(take(arrivals, 4)).toEqual([0, 7.5, 7.5, Number.POSITIVE_INFINITY]);
});
