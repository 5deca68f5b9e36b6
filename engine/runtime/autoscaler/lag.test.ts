import { expect, test } from 'vitest';
import { createLagMeter } from './lag.ts';

const always = { fromMs: 0, toMs: Number.POSITIVE_INFINITY };
const calm = { overloaded: false, desired: 1, ready: 1, needed: 1 };

test('time to scale runs from the overload until it is over and every replica is there', () => {
  const lag = createLagMeter();
  lag.sync({ ...calm, atMs: 0 });
  lag.sync({ atMs: 1000, overloaded: true, desired: 4, ready: 1, needed: 3 });
  lag.sync({ atMs: 2000, overloaded: true, desired: 5, ready: 2, needed: 3 });
  lag.sync({ atMs: 3000, overloaded: false, desired: 5, ready: 4, needed: 3 });
  expect(lag.figures(always)).toEqual({ timeToScaleMs: null, unfinished: 1, overshoot: null, flaps: 0 });
  lag.sync({ atMs: 4000, overloaded: false, desired: 5, ready: 5, needed: 3 });
  expect(lag.figures(always)).toEqual({
    timeToScaleMs: { mean: 3000, max: 3000 },
    unfinished: 0,
    overshoot: 2,
    flaps: 0,
  });
});

test('figures are of the episodes that began in the time asked for', () => {
  const lag = createLagMeter();
  for (const [fromMs, tookMs] of [
    [0, 1000],
    [10_000, 3000],
  ] as const) {
    lag.sync({ atMs: fromMs, overloaded: true, desired: 2, ready: 1, needed: 2 });
    lag.sync({ atMs: fromMs + tookMs, overloaded: false, desired: 2, ready: 2, needed: 2 });
  }
  expect(lag.figures(always).timeToScaleMs).toEqual({ mean: 2000, max: 3000 });
  expect(lag.figures({ fromMs: 5000, toMs: 20_000 }).timeToScaleMs).toEqual({ mean: 3000, max: 3000 });
});

test('a change back within twenty seconds is a flap, later it is not', () => {
  const lag = createLagMeter();
  lag.changed({ atMs: 0, from: 1, to: 2 });
  lag.changed({ atMs: 1000, from: 2, to: 3 });
  lag.changed({ atMs: 21_000, from: 3, to: 1 });
  lag.changed({ atMs: 42_000, from: 1, to: 3 });
  expect(lag.figures(always).flaps).toBe(1);
});

test('where the metric does not say what a load needs, nothing is said of overshoot', () => {
  const lag = createLagMeter();
  lag.sync({ atMs: 0, overloaded: true, desired: 2, ready: 1, needed: null });
  lag.sync({ atMs: 500, overloaded: false, desired: 2, ready: 2, needed: null });
  expect(lag.figures(always).overshoot).toBeNull();
});
