import { expect, test } from 'vitest';
import { type ReplicaSample, recommend } from './recommend.ts';

const ready = (...values: number[]): ReplicaSample[] => values.map((value) => ({ state: 'ready', value }));
const unready = (count: number): ReplicaSample[] =>
  Array.from({ length: count }, () => ({ state: 'unready', value: 0 }));
const missing = (count: number): ReplicaSample[] =>
  Array.from({ length: count }, () => ({ state: 'missing', value: 0 }));

/** Cases with a name in quotes are those of Kubernetes' own tests (horizontal_test.go), in shares of the request. */
test.each<[string, { samples: ReplicaSample[]; target: number; current?: number; replicas: number }]>([
  ['twice the target doubles the count', { samples: ready(0.2), target: 0.1, replicas: 2 }],
  ['half the target halves it', { samples: ready(0.05, 0.05), target: 0.1, replicas: 1 }],
  ['"ScaleUp"', { samples: ready(0.3, 0.5, 0.7), target: 0.3, replicas: 5 }],
  ['"ScaleUpUnreadyLessScale"', { samples: [...ready(0.5, 0.7), ...unready(1)], target: 0.3, replicas: 4 }],
  ['"ScaleUpUnreadyNoScale"', { samples: [...ready(0.4), ...unready(2)], target: 0.3, replicas: 3 }],
  ['"ScaleDown"', { samples: ready(0.1, 0.3, 0.5, 0.25, 0.25), target: 0.5, replicas: 3 }],
  ['"ScaleDownIgnoresUnreadyPods"', { samples: [...ready(0.1, 0.3, 0.5), ...unready(2)], target: 0.5, replicas: 2 }],
  ['"Tolerance"', { samples: ready(1.01, 1.03, 1.02), target: 1, replicas: 3 }],
  ['"MissingMetrics"', { samples: [...ready(0.4, 0.095), ...missing(2)], target: 1, replicas: 3 }],
  [
    'missing ones count as idle when replicas are to be added',
    { samples: [...ready(0.6), ...missing(1)], target: 0.2, replicas: 3 },
  ],
  ['nobody tells anything: nothing changes', { samples: missing(4), target: 0.5, replicas: 4 }],
  ['all are warming up: nothing changes', { samples: unready(2), target: 0.5, replicas: 2 }],
  [
    'nothing to do at all: one would do, and idleness decides about none',
    { samples: ready(0, 0), target: 0.5, replicas: 0 },
  ],
  [
    'the last bit of a fraction adds no replica',
    { samples: ready(...Array(10).fill(0.33)), target: 0.3, current: 10, replicas: 10 },
  ],
])('%s', (_, { samples, target, current = samples.length, replicas }) => {
  expect(recommend({ current, samples, target, tolerance: 0.1 }).replicas).toBe(replicas);
});

test('within the tolerance nothing is recommended, just beyond it something is', () => {
  const at = (value: number) =>
    recommend({ current: 10, samples: ready(...Array(10).fill(value)), target: 1, tolerance: 0.1 });
  expect(at(1.1)).toMatchObject({ replicas: 10, withinTolerance: true });
  expect(at(0.9)).toMatchObject({ replicas: 10, withinTolerance: true });
  expect(at(1.11)).toMatchObject({ replicas: 12, withinTolerance: false });
  expect(at(0.89)).toMatchObject({ replicas: 9, withinTolerance: false });
});
