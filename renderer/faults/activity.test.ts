import { expect, test } from 'vitest';
import type { FaultStatus } from '../../engine/api/types.ts';
import { activityText, cardText } from './activity.ts';
import { courseText } from './course-text.ts';

const schedule = { type: 'every' as const, periodMs: 10_000, onMs: 2000 };
const status = (changed: Partial<FaultStatus>): FaultStatus => ({
  id: 'latency-1',
  fault: 'latency',
  target: { edge: 'a-b' },
  parameters: {},
  course: { probability: 1 },
  seed: 1,
  state: 'on',
  active: true,
  activations: 1,
  nextAtMs: null,
  startedAtMs: 1000,
  expiresAtMs: 31_000,
  endedAtMs: null,
  endedBy: null,
  proofOfEffect: null,
  proofOfRemoval: null,
  error: null,
  ...changed,
});
const at = (atMs: number) => ({ atMs });

test('a fault without a schedule says how long it stays', () => {
  expect(cardText('Latency', status({}), at(1000))).toBe('Latency · 30 s');
  expect(cardText('Latency', status({ state: 'ending' }), at(1000))).toBe('Latency · ending');
});

test('one with a schedule says whether it acts now, when it acts next, and how often it has', () => {
  const waiting = status({ course: { probability: 1, schedule }, active: false, activations: 3, nextAtMs: 9500 });
  expect(activityText(waiting, at(5000))).toBe('next in 5 s · 3 ×');
  expect(cardText('Latency', waiting, at(5000))).toBe('Latency · next in 5 s · 3 × · 26 s');
  expect(activityText({ ...waiting, active: true, activations: 4, nextAtMs: null }, at(10_000))).toBe(
    'acting now · 4 ×',
  );
});

test('one that is off says who ended it', () => {
  expect(activityText(status({ state: 'off', active: false, endedBy: 'lease' }), at(0))).toBe('off by itself');
  expect(activityText(status({ state: 'off', active: false, endedBy: 'cleared' }), at(0))).toBe('taken off');
});

test('a course is told in one line, and one that says nothing is empty', () => {
  expect(courseText({ probability: 1 })).toBe('');
  expect(courseText({ probability: 0.25, schedule, rampMs: 1500 })).toBe('2 s of every 10 s · 25 % · grows over 1.5 s');
  expect(courseText({ schedule: { type: 'at', afterMs: 250 } })).toBe('after 250 ms');
});
