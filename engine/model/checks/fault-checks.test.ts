import { expect, test } from 'vitest';
import { catalogue } from '../../catalogue.ts';
import { parseDocument } from '../parse.ts';

const position = { x: 0, y: 0 };
const route = { path: '/', steps: [{ do: 'wait', duration: { type: 'fixed', valueMs: 1 } }] };

/** What is wrong with an experiment that puts this fault on such a target. */
function problems(fault: string, target: object): [path: string, message: string, nextStep: string][] {
  const parsed = parseDocument(
    {
      format: 1,
      name: 'x',
      nodes: [
        { id: 'callers', kind: 'client', name: 'callers', position },
        { id: 'shop', kind: 'service', name: 'shop', position, config: { routes: [route] } },
        { id: 'cache', kind: 'cache', name: 'cache', position },
        { id: 'alone', kind: 'database', name: 'alone', position },
        { id: 'broker', kind: 'broker-kafka', name: 'broker', position },
        { id: 'worker', kind: 'service', name: 'worker', position },
        { id: 'followed', kind: 'database', name: 'followed', position, config: { readReplicas: 1 } },
      ],
      edges: [
        { id: 'callers-shop', source: 'callers', target: 'shop' },
        { id: 'shop-cache', source: 'shop', target: 'cache' },
        { id: 'broker-worker', source: 'broker', target: 'worker' },
      ],
      scenarios: [
        {
          name: 'calm',
          traffic: [{ executor: 'constant-arrival-rate', client: 'callers', ratePerSec: 1, routes: [{ path: '/' }] }],
        },
      ],
      experiments: [
        {
          name: 'broken',
          scenario: 'calm',
          steadyState: [],
          method: [{ type: 'fault', fault, target, parameters: {}, durationMs: 1000 }],
        },
      ],
    },
    catalogue,
  );
  const errors = parsed.ok ? [] : parsed.errors;
  return errors
    .filter(({ path }) => path.includes('.target'))
    .map(({ path, message, nextStep }) => [path.slice(path.indexOf('.target')), message, nextStep]);
}

test('a fault that understands one protocol is refused on an edge that carries another', () => {
  expect(problems('http-error', { edge: 'callers-shop' })).toEqual([]);
  expect(problems('latency', { edge: 'shop-cache' })).toEqual([]);
  const message = 'fault "http-error" understands http, and edge "shop-cache" carries redis';
  expect(problems('http-error', { edge: 'shop-cache' })).toEqual([['.target.edge', message, 'Use "callers-shop".']]);
  expect(problems('http-error', { edges: ['callers-shop', 'shop-cache'] })).toEqual([
    ['.target.edges[1]', message, 'Use "callers-shop".'],
  ]);
});

test('a delivery carries what its broker speaks, though it leads to a service', () => {
  expect(problems('latency', { edge: 'broker-worker' })).toEqual([]);
  const message = 'fault "http-error" understands http, and edge "broker-worker" carries kafka';
  expect(problems('http-error', { edge: 'broker-worker' })).toEqual([['.target.edge', message, 'Use "callers-shop".']]);
});

test('a failover is refused on a database that nobody follows', () => {
  expect(problems('failover', { node: 'followed', replica: 0 })).toEqual([]);
  expect(problems('failover', { node: 'alone', replica: 0 })).toEqual([
    [
      '.target.node',
      'fault "failover" needs 2 replicas of a node, and "alone" has 1',
      'Give the node more of them, or choose another.',
    ],
  ]);
});
