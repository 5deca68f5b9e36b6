import { expect, test } from 'vitest';
import { type Experiment, experimentSchema } from '../../../engine/model/experiment.ts';
import { dragged } from './drag.ts';

const wait = (durationMs: number, more: object = {}) => ({ type: 'wait', durationMs, ...more });
const experiment: Experiment = experimentSchema.parse({
  name: 'x',
  title: 'x',
  scenario: 'steady',
  warmUpMs: 1000,
  steadyStateMs: 2000,
  steadyStateHypothesis: {
    title: 'works',
    probes: [{ name: 'ok', measure: { type: 'success-ratio' }, tolerance: { min: 0.9 } }],
  },
  method: [wait(2000), wait(4000), wait(1000, { pauses: { beforeMs: 500 } })],
});
const PX_PER_MS = 0.1;
const steps = ({ method }: Experiment) =>
  method.map((step) => [step.type === 'wait' ? step.durationMs : 0, step.pauses?.beforeMs ?? 0]);

test('to the right a step gets a pause, which snaps', () => {
  const moved = dragged(experiment, { mode: 'move', path: ['method', 1] }, 1049, PX_PER_MS);
  expect(steps(moved.experiment)).toEqual([
    [2000, 0],
    [4000, 1000],
    [1000, 500],
  ]);
});

test('to the left the pause goes first, then the step comes before those whose middle it has passed', () => {
  const back = dragged(experiment, { mode: 'move', path: ['method', 2] }, -500, PX_PER_MS);
  expect(steps(back.experiment).at(-1)).toEqual([1000, 0]);
  const before = dragged(experiment, { mode: 'move', path: ['method', 2] }, -3000, PX_PER_MS);
  expect(before.path).toEqual(['method', 1]);
  expect(steps(before.experiment)).toEqual([
    [2000, 0],
    [1000, 0],
    [4000, 0],
  ]);
  const first = dragged(experiment, { mode: 'move', path: ['method', 2] }, -9000, PX_PER_MS);
  expect(first.path).toEqual(['method', 0]);
});

test('the end of a step and of a phase follow the hand', () => {
  const longer = dragged(experiment, { mode: 'resize', path: ['method', 0] }, 480, PX_PER_MS);
  expect(steps(longer.experiment)[0]).toEqual([2500, 0]);
  const phase = dragged(experiment, { mode: 'phase', field: 'warmUpMs' }, 510, PX_PER_MS);
  expect(phase.experiment.warmUpMs).toBe(1500);
  expect(phase.experiment.method).toBe(experiment.method);
});
