import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { type Experiment, experimentSchema } from '../../../engine/model/experiment.ts';
import { readExperiment, written } from '../experiment-text.ts';
import {
  besideNext,
  duplicateStep,
  insertStep,
  moveStep,
  removeStep,
  reorderStep,
  resizePhase,
  resizeStep,
} from './edits.ts';
import { anyExperiment } from './experiments.fixture.ts';
import { allSteps, durationField, type StepPath, stepAt } from './steps.ts';

/** An experiment and one of its steps. */
const withStep = fc.tuple(anyExperiment, fc.nat()).map(([experiment, number]) => {
  const steps = allSteps(experiment);
  return { experiment, path: (steps[number % steps.length] as { path: StepPath }).path };
});

const leaves = (value: unknown, path = ''): [string, unknown][] =>
  value !== null && typeof value === 'object' && Object.keys(value).length > 0
    ? Object.entries(value).flatMap(([key, inner]) => leaves(inner, `${path}.${key}`))
    : [[path, JSON.stringify(value)]];

/** Paths of all plain values that differ. */
function differences(a: Experiment, b: Experiment): string[] {
  const [before, after] = [new Map(leaves(a)), new Map(leaves(b))];
  return [...new Set([...before.keys(), ...after.keys()])].filter((path) => before.get(path) !== after.get(path));
}

const isValid = (experiment: Experiment) => experimentSchema.safeParse(experiment).success;

test('a move changes the pause before the step and nothing else, and moving back restores it', () => {
  fc.assert(
    fc.property(withStep, fc.integer({ min: 0, max: 60_000 }), ({ experiment, path }, byMs) => {
      const moved = moveStep(experiment, path, byMs);
      const pause = `.${[...path, 'pauses'].join('.')}`;
      expect(differences(experiment, moved).every((changed) => changed.startsWith(pause))).toBe(true);
      expect(isValid(moved)).toBe(true);
      const back = moveStep(moved, path, -byMs);
      expect(stepAt(back, path)?.pauses?.beforeMs).toBe(stepAt(experiment, path)?.pauses?.beforeMs);
    }),
  );
});

test('a resize changes one duration, within its bounds, and only of what has one', () => {
  fc.assert(
    fc.property(withStep, fc.integer({ min: -10_000, max: 5_000_000 }), ({ experiment, path }, toMs) => {
      const resized = resizeStep(experiment, path, toMs);
      const step = stepAt(experiment, path);
      const field = step ? durationField(step) : null;
      const changed = differences(experiment, resized);
      expect(changed.filter((at) => at !== `.${[...path, field].join('.')}`)).toEqual([]);
      if (!field) expect(resized).toBe(experiment);
      expect(isValid(resized)).toBe(true);
    }),
  );
});

test('what is put in and taken out again leaves the experiment as it was', () => {
  fc.assert(
    fc.property(withStep, ({ experiment, path }) => {
      const step = { type: 'wait' as const, durationMs: 1000 };
      const inserted = insertStep(experiment, step, path);
      expect(stepAt(inserted.experiment, inserted.path)).toEqual(step);
      expect(removeStep(inserted.experiment, inserted.path)).toEqual(experiment);
      const copy = duplicateStep(experiment, path);
      expect(removeStep(copy.experiment, copy.path)).toEqual(experiment);
    }),
  );
});

test('a removal takes out one step and what it leaves empty, and every other step stays the same object', () => {
  fc.assert(
    fc.property(withStep, ({ experiment, path }) => {
      const gone = stepAt(experiment, path);
      const left = new Set(allSteps(removeStep(experiment, path)).map(({ step }) => step));
      const inside = gone?.type === 'parallel' ? gone.branches.flat() : [];
      for (const { step } of allSteps(experiment))
        if (step !== gone && step.type !== 'parallel') expect(left.has(step)).toBe(!inside.includes(step as never));
    }),
  );
});

test('a step changes places with its neighbour, and back', () => {
  fc.assert(
    fc.property(withStep, fc.constantFrom<-1 | 1>(-1, 1), ({ experiment, path }, by) => {
      const there = reorderStep(experiment, path, by);
      if (there.path === path) return;
      expect(stepAt(there.experiment, there.path)).toBe(stepAt(experiment, path));
      expect(reorderStep(there.experiment, there.path, by === 1 ? -1 : 1).experiment).toEqual(experiment);
    }),
  );
});

test('steps that are put side by side keep everything that they were', () => {
  fc.assert(
    fc.property(withStep, ({ experiment, path }) => {
      const beside = besideNext(experiment, path);
      const simple = (all: Experiment) => allSteps(all).flatMap(({ step }) => (step.type === 'parallel' ? [] : [step]));
      expect(simple(beside.experiment)).toEqual(simple(experiment));
      expect(isValid(beside.experiment)).toBe(true);
    }),
  );
});

test('a phase is as long as it is made, within its bounds', () => {
  fc.assert(
    fc.property(anyExperiment, fc.integer({ min: -5000, max: 5_000_000 }), (experiment, toMs) => {
      const resized = resizePhase(experiment, 'steadyStateMs', toMs);
      expect(differences(experiment, resized).filter((at) => at !== '.steadyStateMs')).toEqual([]);
      expect(isValid(resized)).toBe(true);
    }),
  );
});

test('any valid experiment survives being shown as JSON and read back, and broken text says what is wrong', () => {
  fc.assert(
    fc.property(anyExperiment, (experiment) => {
      expect(readExperiment(written(experiment))).toEqual({ experiment });
    }),
  );
  expect(readExperiment('{')).toMatchObject({ problem: expect.stringContaining('no JSON yet') });
  expect(readExperiment('{"name":"x"}')).toMatchObject({ problem: expect.stringContaining('$.title') });
});

test('what is edited on the timeline is the same as text, and goes on being edited from there', () => {
  fc.assert(
    fc.property(withStep, fc.integer({ min: 1, max: 60_000 }), ({ experiment, path }, byMs) => {
      const moved = moveStep(experiment, path, byMs);
      const read = readExperiment(written(moved));
      expect(read).toEqual({ experiment: moved });
      const { experiment: again } = read as { experiment: Experiment };
      expect(removeStep(again, path)).toEqual(removeStep(moved, path));
      expect(stepAt(moveStep(again, path, -byMs), path)?.pauses?.beforeMs).toBe(
        stepAt(experiment, path)?.pauses?.beforeMs,
      );
    }),
  );
});

test('the experiments of these tests have every construct that the schema knows', () => {
  const drawn = fc.sample(anyExperiment, { numRuns: 400, seed: 1 });
  const text = JSON.stringify(drawn);
  const constants = (schema: unknown): string[] =>
    schema !== null && typeof schema === 'object'
      ? Object.entries(schema).flatMap(([key, inner]) =>
          (key === 'const' && typeof inner === 'string') || key === 'enum' ? [inner].flat() : constants(inner),
        )
      : [];
  const fields = (schema: unknown): string[] =>
    schema !== null && typeof schema === 'object'
      ? Object.entries(schema).flatMap(([key, inner]) => [
          ...(key === 'properties' ? Object.keys(inner) : []),
          ...fields(inner),
        ])
      : [];
  const schema = z.toJSONSchema(experimentSchema, { io: 'input', unrepresentable: 'any' });
  expect(fields(schema).length).toBeGreaterThan(100);
  expect([...new Set(constants(schema))].filter((value) => !text.includes(`"${value}"`))).toEqual([]);
  expect([...new Set(fields(schema))].filter((field) => !text.includes(`"${field}":`))).toEqual([]);
});
