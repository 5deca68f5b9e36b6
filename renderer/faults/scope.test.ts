import { expect, test } from 'vitest';
import { catalogue } from '../../engine/catalogue.ts';
import type { ArchipelDocument } from '../../engine/model/document.ts';
import { faultTargetSchema } from '../../engine/model/fault.ts';
import { parseDocument } from '../../engine/model/parse.ts';
import { shop } from '../../engine/model/shop.fixture.ts';
import { faultDefinition } from './presentation.ts';
import { type FaultScope, scopeOf, targetsOf } from './scope.ts';

const document = ((): ArchipelDocument => {
  const written = shop();
  const size = { width: 900, height: 300 };
  const host = { id: 'host', kind: 'host', name: 'Host', position: { x: 0, y: 0 }, size };
  const nodes = written.nodes.map((node) => (node.id === 'shoppers' ? node : { ...node, group: 'host' }));
  const parsed = parseDocument({ ...written, nodes, groups: [host] }, catalogue);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return parsed.document;
})();

const definition = (fault: string) => {
  const found = faultDefinition(fault);
  if (!found) throw new Error(`no fault ${fault}`);
  return found;
};
const all = { replica: 0, select: null };
const targets = (scope: FaultScope, fault: string, where: Parameters<typeof targetsOf>[2] = all) => {
  const found = targetsOf(scope, definition(fault), where, document);
  for (const target of found) expect(faultTargetSchema.safeParse(target).success).toBe(true);
  return found;
};

test('what is selected is the scope, and everything when nothing is', () => {
  expect(scopeOf({ nodes: [], edges: [] })).toEqual({ type: 'document' });
  expect(scopeOf({ nodes: ['orders'], edges: [] })).toEqual({ type: 'node', node: 'orders' });
  expect(scopeOf({ nodes: ['group/host'], edges: [] })).toEqual({ type: 'group', group: 'host' });
  expect(scopeOf({ nodes: [], edges: ['orders-db'] })).toEqual({ type: 'edge', edge: 'orders-db' });
  expect(scopeOf({ nodes: ['orders', 'group/host'], edges: ['orders-db'] })).toEqual({
    type: 'several',
    nodes: ['orders'],
    edges: ['orders-db'],
  });
});

test('on a node a fault acts on the replica that was named, or on those that are drawn', () => {
  const scope: FaultScope = { type: 'node', node: 'orders' };
  expect(targets(scope, 'kill', { replica: 1, select: 'replica' })).toEqual([{ node: 'orders', replica: 1 }]);
  expect(targets(scope, 'kill')).toEqual([{ node: 'orders', replica: 0, select: 'all' }]);
  expect(targets(scope, 'kill', { replica: 0, select: { percent: 50 } })).toEqual([
    { node: 'orders', replica: 0, select: { percent: 50 } },
  ]);
});

test('several connections are one target, and several nodes are one each', () => {
  const edges: FaultScope = { type: 'several', nodes: [], edges: ['gate-orders', 'orders-db'] };
  expect(targets(edges, 'latency', { replica: 0, select: 'one' })).toEqual([
    { edges: ['gate-orders', 'orders-db'], select: 'one' },
  ]);
  expect(targets({ type: 'several', nodes: ['gate', 'orders'], edges: [] }, 'kill')).toEqual([
    { node: 'gate', replica: 0, select: 'all' },
    { node: 'orders', replica: 0, select: 'all' },
  ]);
});

test('a fault of connections on nodes alone acts where a cut would go around them', () => {
  const scope: FaultScope = { type: 'several', nodes: ['gate', 'orders'], edges: [] };
  expect(targets(scope, 'latency')).toEqual([{ edges: ['shoppers-gate', 'orders-db'] }]);
  expect(targets({ ...scope, nodes: ['shoppers', 'gate', 'orders', 'db'] }, 'latency')).toEqual([]);
});

test('a group means all of it where all can have the fault, else all that can', () => {
  const scope: FaultScope = { type: 'group', group: 'host' };
  expect(targets(scope, 'kill')).toEqual([{ group: 'host' }]);
  expect(targets(scope, 'latency')).toEqual([{ group: 'host' }]);
  expect(targets(scope, 'handler-error')).toEqual([{ group: 'host', select: 'all' }]);
  expect(targets({ type: 'document' }, 'kill', { replica: 0, select: 'one' })).toEqual([
    { topology: true, select: 'one' },
  ]);
});
