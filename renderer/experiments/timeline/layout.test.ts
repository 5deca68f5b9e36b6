import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Experiment, experimentSchema } from '../../../engine/model/experiment.ts';
import { anyExperiment } from './experiments.fixture.ts';
import { layoutOf } from './layout.ts';
import { snapMs, snapped, ticks } from './scale.ts';
import { allSteps } from './steps.ts';

const probes = [{ name: 'ok', measure: { type: 'success-ratio' }, tolerance: { min: 0.9 } }];
const experimentOf = (method: unknown[], more: object = {}): Experiment =>
  experimentSchema.parse({
    name: 'x',
    title: 'x',
    scenario: 'steady',
    warmUpMs: 1000,
    steadyStateMs: 2000,
    recoveryWithinMs: 4000,
    steadyStateHypothesis: { title: 'works', probes },
    method,
    ...more,
  });
const wait = (durationMs: number, more: object = {}) => ({ type: 'wait', durationMs, ...more });
const spans = (experiment: Experiment) => layoutOf(experiment).bars.map(({ fromMs, toMs }) => [fromMs, toMs]);

test('steps follow each other with their pauses, and the phases lie around them', () => {
  const experiment = experimentOf([wait(1000), wait(500, { pauses: { beforeMs: 200, afterMs: 300 } }), wait(100)]);
  expect(spans(experiment)).toEqual([
    [3000, 4000],
    [4200, 4700],
    [5000, 5100],
  ]);
  expect(layoutOf(experiment).phases.map(({ phase, fromMs, toMs }) => [phase, fromMs, toMs])).toEqual([
    ['warm-up', 0, 1000],
    ['steady-state', 1000, 3000],
    ['method', 3000, 5100],
    ['recovery', 5100, 9100],
  ]);
});

test('the next step begins with one in the background, and the method ends with the last of all', () => {
  const experiment = experimentOf([wait(5000, { background: true }), wait(1000)]);
  expect(spans(experiment)).toEqual([
    [3000, 8000],
    [3000, 4000],
  ]);
  expect(layoutOf(experiment).phases[2]?.toMs).toBe(8000);
});

test('branches begin together, and the parallel is over with the longest', () => {
  const parallel = { type: 'parallel', branches: [[wait(1000), wait(1000)], [wait(500)]] };
  expect(spans(experimentOf([parallel, wait(100)]))).toEqual([
    [3000, 5000],
    [3000, 4000],
    [4000, 5000],
    [3000, 3500],
    [5000, 5100],
  ]);
});

test('who waits for another step goes on when that has ended, wherever it stands', () => {
  const parallel = {
    type: 'parallel',
    branches: [[{ type: 'wait-for', step: 'long' }, wait(100)], [wait(700, { name: 'long' })]],
  };
  expect(spans(experimentOf([parallel])).slice(1)).toEqual([
    [3000, 3700],
    [3700, 3800],
    [3000, 3700],
  ]);
});

test('a change without a duration lasts until the method is over', () => {
  const experiment = experimentOf([{ type: 'scale', node: 'orders', replicas: 3 }, wait(5000)]);
  const [scale] = layoutOf(experiment).bars;
  expect(scale?.toMs).toBe(layoutOf(experiment).phases[2]?.toMs);
});

test('every step of any experiment has one bar, and no two bars of a lane share a row and a time', () => {
  fc.assert(
    fc.property(anyExperiment, (experiment) => {
      const { bars, totalMs, phases } = layoutOf(experiment);
      expect(bars.map(({ path }) => path.join('.')).sort()).toEqual(
        allSteps(experiment)
          .map(({ path }) => path.join('.'))
          .sort(),
      );
      for (const bar of bars) expect(bar.toMs).toBeGreaterThanOrEqual(bar.fromMs);
      for (const a of bars)
        for (const b of bars)
          if (a !== b && a.lane === b.lane && a.row === b.row)
            expect(a.toMs <= b.fromMs || b.toMs <= a.fromMs).toBe(true);
      expect(phases.at(-1)?.toMs).toBe(totalMs);
    }),
  );
});

test('what is half typed is shown as far as it can be', () => {
  const broken = {
    name: 'x',
    method: [{ type: 'wait' }, { type: 'parallel', branches: [null] }, null, 3],
    warmUpMs: '',
  };
  expect(layoutOf(broken as unknown as Experiment).bars).toHaveLength(2);
});

test('times snap to edges that are near, else to what a hand can tell apart', () => {
  expect(snapMs(0.1)).toBe(100);
  expect(snapMs(0.005)).toBe(2000);
  expect(snapped(1040, [1060], 0.1)).toBe(1060);
  expect(snapped(1249, [5000], 0.1)).toBe(1200);
  expect(snapped(1249, [], 0.1, 30)).toBe(1230);
  expect(ticks(4200, 0.1)).toEqual([0, 1000, 2000, 3000, 4000]);
});
