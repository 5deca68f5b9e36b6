import { describe, expect, test } from 'vitest';
import { type Autoscaling, autoscalingSchema } from '../../model/scaling.ts';
import { createDecider, type Decision } from './decide.ts';
import { limitOf } from './policies.ts';
import type { ReplicaSample } from './recommend.ts';
import { createStabiliser } from './stabilise.ts';

const config = (changes: Record<string, unknown> = {}): Autoscaling =>
  autoscalingSchema.parse({ minReplicas: 1, maxReplicas: 64, metric: { type: 'in-flight', target: 10 }, ...changes });

/** Runs syncs one second apart; the load is shared by all replicas. The count follows each decision. */
function follow(autoscaling: Autoscaling, loads: readonly number[], start = 1): Decision[] {
  const decider = createDecider(() => autoscaling);
  let current = start;
  return loads.map((load, second) => {
    const samples: ReplicaSample[] = Array.from({ length: current }, () => ({ state: 'ready', value: load / current }));
    const decision = decider.decide({ nowMs: second * 1000, current, samples });
    current = decision.desired;
    return decision;
  });
}

const counts = (decisions: Decision[]): number[] => decisions.map(({ desired }) => desired);

describe('a step of load', () => {
  test('is followed at once up to what the policies allow, and down only after the stabilisation window', () => {
    const autoscaling = config({ scaleDown: { stabilisationWindowMs: 3000 } });
    const decisions = follow(autoscaling, [8, 100, 100, 100, 8, 8, 8, 8, 8]);
    // In one second at most the double or four more, whichever is more: 1 → 5 → 10.
    expect(counts(decisions)).toEqual([1, 5, 10, 10, 10, 10, 10, 1, 1]);
    expect(decisions.map(({ heldBy }) => heldBy)).toEqual([
      null,
      'policy',
      null,
      'tolerance',
      'stabilisation',
      'stabilisation',
      'stabilisation',
      null,
      null,
    ]);
  });

  test('that comes back within the window changes nothing: it does not flap', () => {
    const autoscaling = config({ scaleDown: { stabilisationWindowMs: 3000 } });
    expect(counts(follow(autoscaling, [40, 8, 40, 8, 40, 8, 40], 4))).toEqual([4, 4, 4, 4, 4, 4, 4]);
    const hasty = config({ scaleDown: { stabilisationWindowMs: 0 } });
    expect(counts(follow(hasty, [40, 8, 40, 8, 40, 8, 40], 4))).toEqual([4, 1, 4, 1, 4, 1, 4]);
  });

  test('never leaves the limits, and says which one holds it', () => {
    const decisions = follow(config({ minReplicas: 2, maxReplicas: 4 }), [100, 100], 2);
    expect(decisions).toEqual([
      { desired: 4, recommended: 10, measured: 50, heldBy: 'max' },
      { desired: 4, recommended: 10, measured: 25, heldBy: 'max' },
    ]);
    const idle = follow(config({ minReplicas: 2, scaleDown: { stabilisationWindowMs: 0 } }), [0, 0], 3);
    expect(idle.map(({ desired, heldBy }) => [desired, heldBy])).toEqual([
      [2, 'min'],
      [2, 'min'],
    ]);
  });
});

test('without a budget for more, the count stays; it never shrinks for it', () => {
  const decider = createDecider(() => config());
  const samples: ReplicaSample[] = [
    { state: 'ready', value: 40 },
    { state: 'ready', value: 40 },
  ];
  expect(decider.decide({ nowMs: 0, current: 2, samples, ceiling: 3 })).toMatchObject({
    desired: 3,
    heldBy: 'ceiling',
  });
  expect(decider.decide({ nowMs: 1000, current: 2, samples, ceiling: 1 })).toMatchObject({
    desired: 2,
    heldBy: 'ceiling',
  });
});

describe('policies', () => {
  const rules = (type: 'replicas' | 'percent', value: number, periodMs = 60_000) => ({ type, value, periodMs });
  const down = (select: 'max' | 'min', current: number) =>
    limitOf(
      'down',
      { stabilisationWindowMs: 0, select, policies: [rules('replicas', 4), rules('percent', 10)] },
      { current, changes: [], nowMs: 0 },
    );

  /** The example of Kubernetes' documentation: 4 pods or 10 percent per minute, from 80 replicas. */
  test('the one that allows most: 10 % above 40 replicas, 4 replicas below', () => {
    expect([80, 72, 41, 40, 20].map((current) => down('max', current))).toEqual([72, 64, 36, 36, 16]);
  });

  test('the one that allows least', () => {
    expect([80, 40, 20].map((current) => down('min', current))).toEqual([76, 36, 18]);
  });

  test('a disabled direction allows no change', () => {
    const disabled = { stabilisationWindowMs: 0, select: 'disabled' as const, policies: [rules('percent', 100)] };
    expect(limitOf('up', disabled, { current: 3, changes: [], nowMs: 0 })).toBe(3);
    expect(limitOf('down', disabled, { current: 3, changes: [], nowMs: 0 })).toBe(3);
  });

  test('count what was changed within their period, and forget what was changed before', () => {
    const up = { stabilisationWindowMs: 0, select: 'max' as const, policies: [rules('replicas', 4, 60_000)] };
    const changes = [
      { atMs: 0, by: 3 },
      { atMs: 50_000, by: 3 },
    ];
    expect(limitOf('up', up, { current: 10, changes, nowMs: 55_000 })).toBe(10);
    expect(limitOf('up', up, { current: 10, changes, nowMs: 60_000 })).toBe(11);
    expect(limitOf('up', up, { current: 10, changes, nowMs: 110_000 })).toBe(14);
  });
});

test('a window for more replicas waits until all of its recommendations ask for them', () => {
  const stabilise = createStabiliser();
  const windows = config({ scaleUp: { stabilisationWindowMs: 2000 }, scaleDown: { stabilisationWindowMs: 0 } });
  const at = (nowMs: number, recommended: number) => stabilise({ current: 3, recommended, nowMs }, windows);
  expect([at(0, 3), at(1000, 8), at(2000, 6), at(3000, 7)]).toEqual([3, 3, 3, 6]);
});
