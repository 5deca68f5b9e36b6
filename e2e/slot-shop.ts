const route = { method: 'GET', path: '/', steps: [{ do: 'wait', duration: { type: 'fixed', valueMs: 20 } }] };

/**
 * A client and a service of known capacity: two slots, each held for 20 ms and what the steps before take. Starts fast, for
 * it has no database.
 */
export const slotShop = (replicas = 1, first: readonly object[] = []): object => ({
  format: 1,
  name: replicas === 1 ? 'Slots' : `Slots of ${replicas}`,
  nodes: [
    { id: 'callers', kind: 'client', name: 'Callers', position: { x: 0, y: 0 }, config: {} },
    {
      id: 'shop',
      kind: 'service',
      name: 'Shop',
      position: { x: 300, y: 0 },
      config: {
        replicas,
        concurrency: 2,
        queue: { limit: 5 },
        routes: [{ ...route, steps: [...first, ...route.steps] }],
      },
    },
  ],
  edges: [{ id: 'callers-shop', source: 'callers', target: 'shop', config: { timeoutMs: 500, maxConnections: 256 } }],
  scenarios: [
    {
      name: 'calm',
      traffic: [
        {
          executor: 'constant-arrival-rate',
          client: 'callers',
          ratePerSec: 20,
          arrivals: 'uniform',
          routes: [{ path: '/' }],
        },
      ],
    },
  ],
});
