import { expect, test } from 'vitest';
import { experimentSchema } from '../../../engine/model/experiment.ts';
import { layoutOf } from './layout.ts';
import { placeName, planTimeOf } from './run-on-timeline.ts';

const layout = layoutOf(
  experimentSchema.parse({
    name: 'x',
    title: 'x',
    scenario: 'steady',
    warmUpMs: 1000,
    steadyStateMs: 2000,
    steadyStateHypothesis: {
      title: 'works',
      probes: [{ name: 'ok', measure: { type: 'success-ratio' }, tolerance: { min: 0.9 } }],
    },
    method: [{ type: 'wait', durationMs: 5000 }],
  }),
);
test('the now-line goes on with time within its phase, and waits at its end', () => {
  const at = (phase: 'starting' | 'warm-up' | 'steady-state' | 'method', phaseStartedAtMs: number, atMs: number) =>
    planTimeOf(layout, { phase, phaseStartedAtMs }, atMs);
  expect(at('starting', 100_000, 101_000)).toBeNull();
  expect(at('warm-up', 102_500, 103_000)).toBe(500);
  expect(at('warm-up', 102_500, 103_599)).toBe(1000);
  expect(at('steady-state', 103_600, 104_600)).toBe(2000);
  expect(at('method', 105_700, 106_700)).toBe(4000);
  expect(at('method', 105_700, 199_000)).toBe(8000);
});

test('a step is found by the name of its place', () => {
  expect(placeName(['method', 1])).toBe('method[1]');
  expect(placeName(['method', 2, 'branches', 0, 1])).toBe('method[2].branches[0][1]');
});
