import { afterAll, beforeAll, expect, test } from 'vitest';
import { faults } from '../faults/index.ts';
import { everyProcess } from '../kinds/fault-lists.ts';
import { kinds } from '../kinds/index.ts';
import type { FaultDefinition } from '../model/definition.ts';
import type { FaultTarget } from '../model/fault.ts';
import { createEngine } from './create-engine.ts';
import type { Engine } from './engine.ts';
import { documentOf, edge, node, route } from './fixtures.ts';

/* Whatever is done to whichever part, every request is accounted for, at every hop. */

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine();
  await engine.trustDocument({ path: null, document });
  await engine.startTopology(document);
}, 120_000);
afterAll(() => engine.close());

const sql = (text: string) => ({ do: 'query', edge: 'shop-database', sql: text });

/** Visitors → gateway → shop → database, a cache and a monolith beside it: one of each kind that a request passes. */
const document = documentOf({
  groups: (['zone', 'host'] as const).map((kind) => ({
    ...{ id: kind, kind, name: kind, parent: kind === 'host' ? 'zone' : null },
    ...{ position: { x: 0, y: 0 }, size: { width: 400, height: 300 } },
  })),
  nodes: [
    node('visitors', 'client'),
    node('gateway', 'gateway', {
      rules: [
        { pathPrefix: '/shop', edge: 'gateway-shop' },
        { pathPrefix: '/mono', edge: 'gateway-mono' },
        { pathPrefix: '/fn', edge: 'gateway-fn' },
        { pathPrefix: '/workers', edge: 'gateway-workers' },
        { pathPrefix: '/api', edge: 'gateway-next' },
      ],
    }),
    node('shop', 'service', {
      autoscaling: { maxReplicas: 1 },
      consumers: [
        { edge: 'broker-shop', from: 'jobs' },
        { edge: 'kafka-shop', from: 'events' },
        { edge: 'rabbit-shop', from: 'jobs' },
      ],
      routes: [
        route('/shop/items', sql('select count(*) from items')),
        route(
          '/shop/orders',
          sql('insert into items values (1)'),
          { do: 'publish', edge: 'shop-broker', to: 'jobs' },
          { do: 'publish', edge: 'shop-broker', to: 'calls' },
          { do: 'publish', edge: 'shop-kafka', to: 'events' },
          { do: 'publish', edge: 'shop-rabbit', to: 'jobs' },
        ),
        route('/shop/cached/:id', {
          do: 'cache',
          edge: 'shop-cache',
          key: 'item:{id}',
          steps: [sql('select count(*) from items')],
        }),
      ],
    }),
    {
      ...node('mono', 'server', {
        autoscaling: { maxReplicas: 1 },
        modules: [{ name: 'all', routes: [route('/mono')] }],
      }),
      group: 'host',
    },
    node('database', 'database', {
      schema: 'create table items (id int); insert into items values (1)',
      readReplicas: 1,
    }),
    node('cache', 'cache'),
    node('broker', 'broker-redis', { queues: [{ name: 'jobs' }, { name: 'calls' }] }),
    node('fn', 'function-lambda', {
      source: 'exports.handler = async () => "ok";',
      timeoutMs: 200,
      idleTimeoutMs: 60_000,
      eventSources: [{ edge: 'broker-fn', from: 'calls' }],
    }),
    node('kafka', 'broker-kafka', { brokers: 2, topics: [{ name: 'events', replicationFactor: 2 }] }),
    node('rabbit', 'broker-rabbitmq', { queues: [{ name: 'jobs' }] }),
    node('workers', 'function-workers', {
      source: 'export default { fetch: () => new Response("ok") };',
      runtime: 'isolates',
      idleTimeoutMs: 60_000,
    }),
    node('next', 'function-next', {
      routeHandlers: [{ path: '/api/hello', source: 'export const GET = () => new Response("ok");' }],
      idleTimeoutMs: 60_000,
    }),
  ],
  edges: [
    edge('visitors', 'gateway', { timeoutMs: 400 }),
    edge('gateway', 'shop', { timeoutMs: 300 }),
    edge('gateway', 'mono', { timeoutMs: 300 }),
    edge('gateway', 'fn', { timeoutMs: 300 }),
    edge('shop', 'database', { timeoutMs: 200 }),
    edge('shop', 'cache', { timeoutMs: 100 }),
    edge('shop', 'broker'),
    edge('broker', 'shop'),
    edge('broker', 'fn'),
    edge('shop', 'kafka'),
    edge('kafka', 'shop'),
    edge('shop', 'rabbit'),
    edge('rabbit', 'shop'),
    edge('gateway', 'workers', { timeoutMs: 300 }),
    edge('gateway', 'next', { timeoutMs: 300 }),
  ],
  scenarios: [
    {
      name: 'mixed',
      gracefulStopMs: 2000,
      traffic: [
        {
          executor: 'constant-arrival-rate',
          client: 'visitors',
          ratePerSec: 80,
          routes: [
            { path: '/shop/items' },
            { path: '/shop/orders' },
            { path: '/shop/cached/1' },
            { path: '/mono' },
            { path: '/fn' },
            { path: '/workers' },
            { path: '/api/hello' },
          ],
        },
      ],
    },
  ],
});

const scenario = document.scenarios[0] as (typeof document.scenarios)[number];
const processFaults = document.nodes.flatMap(({ id, kind }) =>
  (kinds.find((definition) => definition.kind === kind)?.faults ?? [])
    // What is done to any process is done to the others already.
    .filter((fault) => !['fn', 'workers', 'next'].includes(id) || !(everyProcess as readonly string[]).includes(fault))
    .map((fault): [string, FaultTarget] => [fault, { node: id, replica: fault === 'replica-lag' ? 1 : 0 }]),
);
/** Each on an edge that carries HTTP, and on one to the database or the cache, in turn: everywhere would take minutes. */
const byProtocol = [document.edges.slice(0, 3), document.edges.slice(4, 6)];
const edgeFaults = (faults as unknown as readonly FaultDefinition[])
  .filter(({ target }) => target === 'edge')
  .flatMap(({ fault, protocols }, index) =>
    byProtocol.slice(0, protocols ? 1 : 2).map((edges): [string, FaultTarget] => {
      const { id } = edges[index % edges.length] as (typeof edges)[number];
      return [fault, { edge: id }];
    }),
  );
/** On a group that has an edge across its border and a process in it, and on everything. */
const otherFaults = (faults as unknown as readonly FaultDefinition[]).flatMap(
  ({ fault, target, composition }): [string, FaultTarget][] =>
    target === 'any'
      ? [[fault, { topology: true }]]
      : (composition?.groups ?? []).map((group): [string, FaultTarget] => [fault, { group }]),
);
const all = [...processFaults, ...edgeFaults, ...otherFaults];

test('no fault of the catalogue is left out', () => {
  expect([...new Set(all.map(([fault]) => fault))].sort()).toEqual(faults.map(({ fault }) => fault).sort());
});

test.each(all)('requests add up under %s on %j', async (fault, target) => {
  await expect
    .poll(() => Object.values(engine.frame().nodes).map(({ state }) => state), { timeout: 15_000 })
    .toEqual(document.nodes.map(() => 'ready'));
  // What an earlier fault has left in the nodes belongs to no traffic of this one.
  await expect
    .poll(() => Object.values(engine.frame().nodes).reduce((sum, { inFlight }) => sum + inFlight, 0), {
      timeout: 15_000,
    })
    .toBe(0);
  await engine.startTraffic({ scenario, durationMs: null });
  await expect.poll(() => engine.frame().traffic?.counts.ok ?? 0, { timeout: 15_000 }).toBeGreaterThan(10);
  const parameters = fault === 'latency' ? { latencyMs: 250 } : {};
  const { id } = await engine.injectFault({ fault, target, parameters, leaseMs: 20_000 });
  await new Promise((resolve) => setTimeout(resolve, 700));
  await engine.clearFault({ id });
  const { traffic, conservation, nodes, edges } = await engine.stopTraffic();

  const { issued, ok, failed, inFlight, reasons } = traffic;
  expect(conservation).toMatchObject({ holds: true });
  expect(Object.values(reasons).reduce((sum, count) => sum + count, 0)).toBe(failed);
  // A client that was killed keeps open what it had sent; nobody else loses sight of a request.
  if (!('node' in target) || target.node !== 'visitors') expect(inFlight).toBe(0);
  expect(issued).toBe(ok + failed + inFlight);
  // Two who count the same requests agree: the client one by one, and its edge attempt by attempt.
  expect(edges['visitors-gateway']?.requests).toBe(ok + failed);
  if (!('node' in target) || !['visitors', 'gateway'].includes(target.node))
    expect(nodes.gateway?.requests).toBeLessThanOrEqual(issued);
});
