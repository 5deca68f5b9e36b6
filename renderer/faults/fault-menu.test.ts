import { expect, test } from 'vitest';
import { catalogue } from '../../engine/catalogue.ts';
import { kinds } from '../../engine/kinds/index.ts';
import type { KindDefinition } from '../../engine/model/definition.ts';
import { parseDocument } from '../../engine/model/parse.ts';
import { shop } from '../../engine/model/shop.fixture.ts';
import { faultMenu } from './fault-menu.ts';
import { allFaults } from './presentation.ts';
import type { FaultScope } from './scope.ts';

const document = (() => {
  const parsed = parseDocument(shop(), catalogue);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return parsed.document;
})();

const entries = (scope: FaultScope, search = '', platform = 'linux') =>
  faultMenu(scope, document, platform, search).flatMap((family) => family.entries);
const ids = (scope: FaultScope, search = '') => entries(scope, search).map(({ definition }) => definition.fault);

test('a node shows exactly the faults that its kind lists', () => {
  for (const node of document.nodes) {
    const kind = (kinds as readonly KindDefinition[]).find(({ kind }) => kind === node.kind);
    // What draws other faults by itself goes anywhere.
    const anywhere = allFaults.filter(({ target }) => target === 'any').map(({ fault }) => fault);
    const listed = kind?.faults.filter((id) => allFaults.some(({ fault }) => fault === id)) ?? [];
    expect(ids({ type: 'node', node: node.id }).sort()).toEqual([...listed, ...anywhere].sort());
  }
});

test('every fault of the catalogue is found somewhere, in a family that has a title', () => {
  const everywhere = new Set([
    ...ids({ type: 'document' }),
    ...document.edges.flatMap(({ id }) => ids({ type: 'edge', edge: id })),
    ...document.nodes.flatMap(({ id }) => ids({ type: 'node', node: id })),
  ]);
  const missing = allFaults.filter(({ fault, family }) => !everywhere.has(fault) && family !== 'group');
  expect(missing.map(({ fault }) => fault)).toEqual([]);
});

test('a fault of a whole zone is offered on zones, and says so on a host', () => {
  const size = { width: 900, height: 300 };
  const frame = (kind: 'host' | 'zone') => ({ id: kind, kind, name: kind, position: { x: 0, y: 0 }, size });
  const parsed = parseDocument({ ...shop(), groups: [frame('host'), frame('zone')] }, catalogue);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  const refusal = (group: string) =>
    faultMenu({ type: 'group', group }, parsed.document, 'linux')
      .flatMap((family) => family.entries)
      .find(({ definition }) => definition.fault === 'zone-down')?.refusal;
  expect(refusal('zone')).toBeNull();
  expect(refusal('host')).toBe('Only a zone can have it.');
});

test('a search looks at name, help and family, word by word', () => {
  expect(ids({ type: 'node', node: 'orders' }, 'KILL')).toEqual(['kill']);
  expect(ids({ type: 'edge', edge: 'orders-db' }, 'network chunk BYTES')).toContain('latency');
  expect(ids({ type: 'node', node: 'orders' }, 'no such fault')).toEqual([]);
});

test('what cannot go on everything says why, and what is different here says how', () => {
  const several: FaultScope = { type: 'several', nodes: ['orders', 'db'], edges: [] };
  const found = entries(several).find(({ definition }) => definition.fault === 'handler-error');
  expect(found?.refusal).toBe('Not possible on Database.');
  const pause = entries({ type: 'node', node: 'orders' }, 'pause', 'win32');
  expect(pause[0]?.limit).toMatch(/Windows/);
});

test('what an operating system cannot do is refused with the reason: on Windows pause and a graceful stop of foreign programs', () => {
  const on = (node: string, fault: string, platform: string) =>
    entries({ type: 'node', node }, fault, platform).find(({ definition }) => definition.fault === fault);
  expect(on('db', 'pause', 'win32')?.refusal).toMatch(/Windows cannot stop a process/);
  expect(on('orders', 'pause', 'win32')?.refusal).toBeNull();
  expect(on('db', 'pause', 'linux')).toMatchObject({ refusal: null, limit: null });
  expect(on('db', 'pause', 'darwin')).toMatchObject({ refusal: null, limit: null });
  expect(on('orders', 'kill', 'win32')).toMatchObject({ refusal: null, limit: expect.stringMatching(/gracefully/) });
  expect(on('orders', 'kill', 'linux')).toMatchObject({ refusal: null, limit: null });
});

test('what a program cannot do that is not ours, or runs elsewhere, is refused with the reason', () => {
  const withCache = (config: object) => {
    const cache = { id: 'cache', kind: 'cache', name: 'Cache', position: { x: 0, y: 0 }, config };
    const base = shop() as { nodes: object[] };
    const parsed = parseDocument({ ...base, nodes: [...base.nodes, cache] }, catalogue);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
    return faultMenu({ type: 'node', node: 'cache' }, parsed.document, 'linux')
      .flatMap((family) => family.entries)
      .filter(({ refusal }) => refusal !== null)
      .map(({ definition, refusal }) => `${definition.fault}: ${refusal}`);
  };
  expect(withCache({})).toEqual([]);
  const foreign = withCache({ server: 'redis-server' });
  expect(foreign).toContain('cpu-burn: It acts inside programs of ours, and this one is not.');
  expect(foreign.join()).not.toMatch(/kill|cache-flush|mystery/);
  const remote = withCache({ url: 'redis://127.0.0.1:6379' });
  for (const fault of ['kill', 'pause', 'cache-flush'])
    expect(remote).toContain(`${fault}: It is your own server, which Archipel did not start and will not harm.`);
});

test('a failover is refused where no read replica could take over, and says which setting to raise', () => {
  const refusal = (config: object) => {
    const own = shop();
    const nodes = own.nodes.map((node) =>
      node.id === 'db' ? { ...node, config: { ...node.config, ...config } } : node,
    );
    const parsed = parseDocument({ ...own, nodes }, catalogue);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
    return faultMenu({ type: 'node', node: 'db' }, parsed.document, 'linux')
      .flatMap((family) => family.entries)
      .find(({ definition }) => definition.fault === 'failover')?.refusal;
  };
  expect(refusal({})).toBe('It needs more processes: raise “Read replicas” by 1 first.');
  expect(refusal({ readReplicas: 1 })).toBeNull();
});
