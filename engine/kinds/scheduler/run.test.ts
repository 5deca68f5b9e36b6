import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createEngine } from '../../api/create-engine.ts';
import type { Engine } from '../../api/engine.ts';
import { documentOf, edge, node, route } from '../../api/fixtures.ts';
import { catalogue } from '../../catalogue.ts';
import { parseDocument } from '../../model/parse.ts';

vi.setConfig({ testTimeout: 60_000 });

/* A scheduler in a running topology. Its times are tested on a clock that stands still, in scheduler.test.ts. */

let engine: Engine;

beforeEach(async () => {
  engine = await createEngine();
});

afterEach(() => engine.close());

const measuresOf = (id: string): Record<string, number | null> => engine.frame().nodes[id]?.measures ?? {};
const every = (name: string, ...steps: unknown[]) => ({ name, expression: 'rate(100 milliseconds)', steps });

test('a scheduler triggers a function, a service and a broker; what fails is counted, and told with its reason', async () => {
  const document = documentOf({
    nodes: [
      node('cron', 'scheduler', {
        schedules: [
          every('to-function', { do: 'call', edge: 'cron-fn', method: 'POST', path: '/run/{name}' }),
          every('to-service', { do: 'call', edge: 'cron-shop', path: '/items' }),
          every('to-nobody', { do: 'call', edge: 'cron-shop', path: '/nowhere' }),
          every('to-broker', { do: 'publish', edge: 'cron-broker', to: 'jobs', key: '{due}' }),
        ],
      }),
      node('fn', 'function-workers', {
        source: 'export default { fetch: (request) => new Response(request.url) };',
        runtime: 'isolates',
      }),
      node('shop', 'service', { routes: [route('/items')] }),
      node('broker', 'broker-redis', { queues: [{ name: 'jobs' }] }),
      node('worker', 'service', { consumers: [{ edge: 'broker-worker', from: 'jobs' }] }),
    ],
    edges: [edge('cron', 'fn'), edge('cron', 'shop'), edge('cron', 'broker'), edge('broker', 'worker')],
  });
  await engine.trustDocument({ path: null, document });
  await engine.startTopology(document);
  await vi.waitFor(
    () => {
      expect(measuresOf('cron').fired).toBeGreaterThan(40);
      expect(measuresOf('fn').invocations).toBeGreaterThan(5);
      expect(engine.frame().nodes.worker?.requests).toBeGreaterThan(5);
    },
    { timeout: 20_000, interval: 100 },
  );
  expect(measuresOf('cron').failed).toBeGreaterThan(5);
  const { failed = 0, fired = 0 } = measuresOf('cron') as Record<string, number>;
  // One of four schedules fails.
  expect(failed).toBeLessThan(fired / 2);
  expect(engine.frame().nodes.shop?.requests).toBeGreaterThan(10);
  for await (const lines of engine.logs({ node: 'cron' }, AbortSignal.timeout(5000)))
    if (lines.some(({ text }) => text.includes('to-nobody') && text.includes('no-route at shop'))) return;
  throw new Error('the log does not say why it failed');
});

test('times in a pause of its process are missed or fired, and none is lost', async () => {
  const document = documentOf({
    nodes: [
      node('client', 'client'),
      node('cron', 'scheduler', {
        schedules: [{ ...every('tick', { do: 'call', edge: 'cron-shop', path: '/items' }), graceMs: 200 }],
      }),
      node('shop', 'service', { routes: [route('/items')] }),
    ],
    edges: [edge('client', 'shop'), edge('cron', 'shop')],
    scenarios: [
      {
        name: 'steady',
        traffic: [
          { executor: 'constant-arrival-rate', client: 'client', ratePerSec: 20, routes: [{ path: '/items' }] },
        ],
      },
    ],
  });
  await engine.startTopology(document);
  const [scenario] = document.scenarios;
  if (!scenario) throw new Error('no scenario');
  await engine.startTraffic({ scenario, durationMs: 3000 });
  await engine.injectFault({
    fault: 'pause',
    target: { node: 'cron', replica: 0 },
    parameters: {},
    leaseMs: 1200,
  });
  const result = await engine.trafficDone();
  expect(result.conservation.holds).toBe(true);
  expect(result.conservation.equation).toMatch(/cron: times due \d+ = fired \d+ \+ missed \d+/);
  const { fired = 0, missed = 0 } = (result.nodes.cron?.measures ?? {}) as Record<string, number>;
  expect(missed).toBeGreaterThan(3);
  expect(fired).toBeGreaterThan(5);
  // Every 100 ms of three seconds, give or take the ends.
  expect(fired + missed).toBeGreaterThan(25);
  expect(fired + missed).toBeLessThan(40);
});

test('what is wrong with schedules is said all at once', () => {
  const parsed = parseDocument(
    {
      ...{ format: 1, name: 'test' },
      nodes: [
        node('cron', 'scheduler', {
          schedules: [
            { name: 'a', expression: 'every day', steps: [{ do: 'call', edge: 'none', path: '/' }] },
            { name: 'a', expression: '0 0 30 2 *', steps: [{ do: 'call', edge: 'none', path: '/' }] },
            {
              name: 'b',
              expression: '* * * * *',
              timezone: 'Nowhere',
              steps: [{ do: 'call', edge: 'none', path: '/' }],
            },
          ],
        }),
      ],
    },
    catalogue,
  );
  expect(parsed.ok ? [] : parsed.errors.map(({ path }) => path.replace('$.nodes[0].config.schedules', ''))).toEqual([
    ...['[0].expression', '[0].steps[0].edge', '[1].name', '[1].expression', '[1].steps[0].edge'],
    ...['[2].timezone', '[2].steps[0].edge'],
  ]);
});
