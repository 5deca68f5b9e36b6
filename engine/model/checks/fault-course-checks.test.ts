import { expect, test } from 'vitest';
import { killDefinition } from '../../faults/kill/definition.ts';
import { latencyDefinition } from '../../faults/latency/definition.ts';
import type { FaultDefinition } from '../definition.ts';
import type { FaultCourse } from '../fault.ts';
import { checkFaultCourse } from './fault-course-checks.ts';

const paths = (definition: unknown, course: Partial<FaultCourse>): string[] =>
  checkFaultCourse(definition as FaultDefinition, course, '$').map(({ path }) => path);

const random = { type: 'random', meanGapMs: 500, onMs: 200 } as const;

test('a ramp grows up within each time that the fault is on, or is refused', () => {
  expect(paths(latencyDefinition, { rampMs: 199, schedule: random })).toEqual([]);
  expect(paths(latencyDefinition, { rampMs: 200, schedule: random })).toEqual(['$.rampMs']);
  expect(paths(latencyDefinition, { rampMs: 5000, schedule: { type: 'at', afterMs: 100 } })).toEqual([]);
  expect(paths(killDefinition, { rampMs: 100 })).toEqual(['$.rampMs']);
});

test('a schedule leaves time off, and a share is drawn where something is drawn', () => {
  const every = { type: 'every', periodMs: 200, onMs: 200 } as const;
  expect(paths(killDefinition, { schedule: every })).toEqual(['$.schedule.onMs']);
  expect(paths(killDefinition, { probability: 0.5 })).toEqual(['$.probability']);
  expect(paths(killDefinition, { probability: 0.5, schedule: random })).toEqual([]);
});
