import { expect, it } from 'vitest';
import { catalogue } from '../../catalogue.ts';
import { parseDocument } from '../parse.ts';

const position = { x: 0, y: 0 };

function problems(method: object[], probes: { before?: object[]; during?: object[] } = {}, config: object = {}) {
  const served = { name: 'served', measure: { type: 'success-ratio' }, tolerance: { min: 0.9 } };
  const parsed = parseDocument(
    {
      format: 1,
      name: 'x',
      nodes: [
        { id: 'callers', kind: 'client', name: 'Callers', position },
        {
          id: 'shop',
          kind: 'service',
          name: 'Shop',
          position,
          config: { routes: [{ path: '/' }], versions: [{ name: 'v1' }, { name: 'v2' }], ...config },
        },
      ],
      edges: [{ id: 'callers-shop', source: 'callers', target: 'shop' }],
      scenarios: [
        {
          name: 'day',
          traffic: [{ executor: 'constant-arrival-rate', client: 'callers', ratePerSec: 10, routes: [{ path: '/' }] }],
        },
      ],
      experiments: [
        {
          name: 'change',
          title: 'A change',
          scenario: 'day',
          steadyStateHypothesis: { title: 'served', probes: probes.before ?? [served] },
          method,
          during: probes.during ?? [served],
        },
      ],
    },
    catalogue,
  );
  return parsed.ok ? [] : parsed.errors.map(({ path, message, nextStep }) => `${path}: ${message}. ${nextStep}`);
}

it.each([
  [{ type: 'scale', node: 'shop', replicas: 3, durationMs: 1000 }],
  [{ type: 'deploy', node: 'shop', version: 'v2', durationMs: 1000 }],
  [{ type: 'deploy', node: 'shop', version: 'v2', strategy: { type: 'canary' }, durationMs: 1000 }],
  [{ type: 'observe', title: 'a step of load', durationMs: 1000 }],
])('a sound step is no problem: %j', (step) => {
  expect(problems([step])).toEqual([]);
});

it.each([
  [
    { type: 'scale', node: 'stop', replicas: 3, durationMs: 1000 },
    '$.experiments[0].method[0].node: there is no node "stop". Use one of "callers", "shop".',
  ],
  [
    { type: 'scale', node: 'callers', replicas: 3, durationMs: 1000 },
    '$.experiments[0].method[0].node: "callers" is a client, which always runs as one process. Scale a node that has replicas.',
  ],
  [
    { type: 'deploy', node: 'callers', version: 'v2', durationMs: 1000 },
    '$.experiments[0].method[0].node: "callers" is a client, which has no versions. Deploy a service or a server.',
  ],
  [
    { type: 'deploy', node: 'shop', version: 'v3', durationMs: 1000 },
    '$.experiments[0].method[0].version: "shop" has no version "v3". Use one of "v1", "v2".',
  ],
])('%j is refused', (step, problem) => {
  expect(problems([step])).toEqual([problem]);
});

it('a node with an autoscaler is not scaled beside it', () => {
  const step = { type: 'scale', node: 'shop', replicas: 3, durationMs: 1000 };
  expect(problems([step], {}, { autoscaling: {} })).toEqual([
    '$.experiments[0].method[0].node: "shop" is scaled by its autoscaler. Turn its autoscaling off, or watch it with a step of type "observe".',
  ]);
});

it('what is of a change is probed while something changes, on a node that exists', () => {
  const radius = (node: string) => ({
    name: 'blast radius',
    measure: { type: 'blast-radius', node },
    tolerance: { max: 0.5 },
  });
  const deploy = { type: 'deploy', node: 'shop', version: 'v2', durationMs: 1000 };
  expect(problems([deploy], { during: [radius('shop')] })).toEqual([]);
  expect(problems([deploy], { before: [radius('shop')], during: [radius('stop')] })).toEqual([
    '$.experiments[0].steadyStateHypothesis.probes[0].measure.type: is of a change, and in the steady state nothing changes. Probe it in "during".',
    '$.experiments[0].during[0].measure.node: there is no node "stop". Use one of "callers", "shop".',
  ]);
});

it.each([
  [{ versions: [{ name: 'v1' }, { name: 'v1' }] }, 'another version is called "v1" too'],
  [{ deployment: { strategy: { type: 'rolling', maxSurge: 0, maxUnavailable: 0 } } }, 'must not be 0 while'],
  [{ autoscaling: { minReplicas: 5, maxReplicas: 2 } }, 'must not be less than "minReplicas"'],
  [{ autoscaling: { metric: { type: 'queue' } } }, 'without a limit of concurrency no request ever waits'],
])('a config that contradicts itself is refused: %j', (config, problem) => {
  const step = { type: 'observe', title: 'anything', durationMs: 1000 };
  expect(problems([step], {}, config)).toEqual([expect.stringContaining(problem)]);
});
