import { expect, test } from 'vitest';
import { areaBetween, valueAt } from '../curve.ts';
import { type TrafficSource, trafficSourceSchema } from '../scenario.ts';
import { courseOf, plannedRequests } from './course.ts';
import { planOf } from './index.ts';

const sourceOf = (written: object): TrafficSource =>
  trafficSourceSchema.parse({ client: 'visitors', routes: [{ path: '/' }], ...written });
const planned = (written: object) => {
  const source = sourceOf(written);
  return plannedRequests(source, planOf(source));
};
const rateOf = (written: object) => {
  const { plan } = planOf(sourceOf(written));
  if (plan.type !== 'arrivals') throw new Error(plan.type);
  return plan.ratePerSec;
};

test('a spike rises and falls in straight lines, and stays at the base', () => {
  const curve = rateOf({
    executor: 'spike',
    baseRatePerSec: 10,
    peakRatePerSec: 110,
    spikeAtMs: 1000,
    rampMs: 500,
    holdMs: 2000,
  });
  const at = [0, 999, 1250, 1500, 3499, 3750, 4000, 1_000_000].map((atMs) => Math.round(valueAt(curve, atMs)));
  expect(at).toEqual([10, 10, 60, 110, 110, 60, 10, 10]);
});

test('a day is a cosine from its lowest rate to the highest, and so is the next', () => {
  const curve = rateOf({ executor: 'diurnal', lowRatePerSec: 20, highRatePerSec: 220, dayMs: 24_000 });
  for (let atMs = 0; atMs < 72_000; atMs += 250) {
    const wave = 120 - 100 * Math.cos((2 * Math.PI * atMs) / 24_000);
    expect(Math.abs(valueAt(curve, atMs) - wave)).toBeLessThan(0.003 * 200);
  }
  // The mean of a day is the middle of its rates.
  expect(areaBetween(curve, 24_000, 48_000) / 24_000).toBeCloseTo(120, 6);
});

test('what is planned for a part of the time is the area below the rate, within start and end', () => {
  const ramp = planned({
    executor: 'ramping-arrival-rate',
    startTimeMs: 1000,
    stages: [
      { durationMs: 1000, ratePerSec: 100 },
      { durationMs: 1000, ratePerSec: 100 },
    ],
  });
  expect([ramp?.(0, 1000), ramp?.(1000, 1500), ramp?.(0, 60_000)]).toEqual([0, 12.5, 150]);
  const constant = planned({ executor: 'constant-arrival-rate', ratePerSec: 40, durationMs: 5000 });
  expect([constant?.(0, 1000), constant?.(4500, 9000)]).toEqual([40, 20]);
  const trace = planned({
    executor: 'replay',
    speed: 2,
    trace: { from: 'document', arrivals: [0, 100, 200, 200, 500].map((atMs) => ({ atMs, path: '/' })) },
  });
  expect([trace?.(0, 100), trace?.(100, 101), trace?.(0, 1000)]).toEqual([2, 2, 5]);
});

test('where the answers decide how many requests there are, nothing is planned', () => {
  expect(planned({ executor: 'constant-vus', vus: 3 })).toBeNull();
  const session = { order: 'mix', requests: 2 };
  expect(planned({ executor: 'constant-arrival-rate', ratePerSec: 3, session })).toBeNull();
});

test('the course of a source is what it asks for over time', () => {
  const course = courseOf(
    sourceOf({ executor: 'ramping-vus', startVUs: 0, startTimeMs: 1000, stages: [{ durationMs: 2000, vus: 10 }] }),
    4000,
    8,
  );
  expect(course).toEqual({
    unit: 'VUs',
    points: [0, 0, 0, 3, 5, 8, 0, 0, 0].map((value, index) => ({ atMs: index * 500, value })),
  });
  expect(courseOf(sourceOf({ executor: 'replay', trace: { from: 'file', path: 'x' } }), 1000)).toBeNull();
});
