/** What stands in a file, before anyone checked it. */
// biome-ignore lint/suspicious/noExplicitAny: tests put anything anywhere.
export type Written = any;

/** A small sound document that tests break in one place at a time. */
export const shop = () => ({
  format: 1,
  name: 'Shop',
  nodes: [
    { id: 'shoppers', kind: 'client', name: 'Shoppers', position: { x: 0, y: 0 } },
    {
      id: 'gate',
      kind: 'gateway',
      name: 'Gate',
      position: { x: 300, y: 0 },
      config: { rules: [{ pathPrefix: '/orders', edge: 'gate-orders' }] },
    },
    {
      id: 'orders',
      kind: 'service',
      name: 'Orders',
      position: { x: 600, y: 0 },
      config: {
        replicas: 2,
        routes: [{ path: '/orders', steps: [{ do: 'query', edge: 'orders-db', sql: 'select 1' }] }],
      },
    },
    { id: 'db', kind: 'database', name: 'Database', position: { x: 900, y: 0 } },
  ] as Written[],
  edges: [
    { id: 'shoppers-gate', source: 'shoppers', target: 'gate' },
    { id: 'gate-orders', source: 'gate', target: 'orders' },
    { id: 'orders-db', source: 'orders', target: 'db' },
  ] as Written[],
  scenarios: [
    {
      name: 'steady',
      traffic: [
        { executor: 'constant-arrival-rate', client: 'shoppers', ratePerSec: 50, routes: [{ path: '/orders' }] },
      ],
    },
  ] as Written[],
  experiments: [
    {
      name: 'kill-orders',
      title: 'Kill orders',
      scenario: 'steady',
      steadyStateHypothesis: {
        title: 'works',
        probes: [
          { name: 'orders work', measure: { type: 'success-ratio', route: 'GET /orders' }, tolerance: { min: 0.99 } },
        ],
      },
      method: [{ type: 'fault', fault: 'kill', target: { node: 'orders', replica: 1 }, durationMs: 1000 }],
      during: [{ name: 'half fails', measure: { type: 'success-ratio' }, tolerance: { max: 0.6 } }],
    },
  ] as Written[],
});
