/* Documents with one weakness each, and the same without it. */

type Draft = Record<string, unknown>;

const node = (id: string, kind: string, config: Draft = {}) => ({
  id,
  kind,
  name: id,
  position: { x: 0, y: 0 },
  config,
});
const edge = (source: string, target: string, config: Draft = {}) => ({
  id: `${source}-${target}`,
  source,
  target,
  config,
});
const wait = (valueMs: number) => ({ do: 'wait', duration: { type: 'fixed', valueMs } });
const call = (to: string, path: string) => ({ do: 'call', edge: to, path });
const route = (path: string, ...steps: unknown[]) => ({ path, steps });

const traffic = (ratePerSec: number, ...routes: Draft[]) => [
  {
    name: 'steady',
    traffic: [{ executor: 'constant-arrival-rate', client: 'users', ratePerSec, arrivals: 'uniform', routes }],
  },
];

export interface Case {
  /** Has the weakness. */
  weak: Draft;
  /** Has it no more. */
  sound: Draft;
}

const callerAndCallee = (config: Draft, caller: Draft = {}): Draft => ({
  nodes: [
    node('users', 'client'),
    node('shop', 'service', {
      ...caller,
      routes: [route('/buy', call('shop-stock', '/stock')), route('/menu', wait(1))],
    }),
    node('stock', 'service', { routes: [route('/stock', wait(2))] }),
  ],
  edges: [edge('users', 'shop'), edge('shop', 'stock', config)],
  scenarios: traffic(40, { path: '/buy' }, { path: '/menu' }),
});

const one = (replicas: number): Draft => ({
  nodes: [node('users', 'client'), node('shop', 'service', { replicas, routes: [route('/buy', wait(2))] })],
  edges: [edge('users', 'shop')],
  scenarios: traffic(40, { path: '/buy' }),
});

const balanced = (config: Draft): Draft => ({
  nodes: [
    node('users', 'client'),
    node('gateway', 'gateway', config),
    node('shop', 'service', { replicas: 3, routes: [route('/buy', wait(2))] }),
  ],
  edges: [edge('users', 'gateway'), edge('gateway', 'shop')],
  scenarios: traffic(60, { path: '/buy' }),
});

const cached = (step: Draft): Draft => ({
  nodes: [
    node('users', 'client'),
    node('shop', 'service', {
      routes: [
        route('/products/:id', {
          do: 'cache',
          edge: 'shop-cache',
          key: 'product:{id}',
          steps: [call('shop-stock', '/stock')],
          ...step,
        }),
      ],
    }),
    node('cache', 'cache'),
    node('stock', 'service', { routes: [route('/stock', wait(2))] }),
  ],
  edges: [edge('users', 'shop'), edge('shop', 'cache'), edge('shop', 'stock')],
  scenarios: traffic(60, { path: '/products/:id', parameters: [{ name: 'id', keys: 50 }] }),
});

const queued = (config: Draft): Draft => ({
  nodes: [
    node('users', 'client'),
    node('shop', 'service', { concurrency: 1, ...config, routes: [route('/buy', wait(20))] }),
  ],
  edges: [edge('users', 'shop', { maxConnections: 512 })],
  scenarios: traffic(20, { path: '/buy' }),
});

const chain = (length: number): Draft => {
  const names = Array.from({ length }, (_, index) => `service-${index + 1}`);
  return {
    nodes: [
      node('users', 'client'),
      ...names.map((name, index) => {
        const next = names[index + 1];
        return node(name, 'service', { routes: [route('/work', next ? call(`${name}-${next}`, '/work') : wait(2))] });
      }),
    ],
    edges: ['users', ...names].slice(0, -1).map((source, index) => edge(source, names[index] as string)),
    scenarios: traffic(40, { path: '/work' }),
  };
};

const query = (to: string) => ({ do: 'query', edge: to, sql: 'select id from items limit 1' });

const withDatabase = (config: Draft, callers: readonly { name: string; slots?: number }[]): Draft => ({
  nodes: [
    node('users', 'client'),
    ...callers.map(({ name, slots = null }) =>
      node(name, 'service', { concurrency: slots, routes: [route(`/${name}`, query(`${name}-store`))] }),
    ),
    node('store', 'database', {
      schema: 'create table items (id int primary key)',
      seed: [{ type: 'sql', sql: 'insert into items select generate_series(1, 10)' }],
    }),
  ],
  edges: callers.flatMap(({ name }) => [edge('users', name), edge(name, 'store', config)]),
  scenarios: traffic(40, ...callers.map(({ name }) => ({ path: `/${name}`, edge: `users-${name}` }))),
});

/** By rule. */
export const cases: Record<string, Case> = {
  'single-point-of-failure': { weak: one(1), sound: one(2) },
  'long-timeout': {
    weak: callerAndCallee({ timeoutMs: 2000 }, { concurrency: 6 }),
    sound: callerAndCallee({ timeoutMs: 200 }, { concurrency: 6 }),
  },
  'retries-without-budget': {
    weak: callerAndCallee({ retries: { maxAttempts: 4 } }),
    sound: callerAndCallee({ retries: { maxAttempts: 4, budget: { ratio: 0.1 } } }),
  },
  'no-health-checks': { weak: balanced({}), sound: balanced({ passiveHealth: {} }) },
  'cache-without-single-flight': { weak: cached({}), sound: cached({ singleFlight: true }) },
  'oversized-queue': { weak: queued({ queue: { limit: 1000 } }), sound: queued({ queue: { limit: 50 } }) },
  'deep-chain': { weak: chain(5), sound: chain(4) },
  'shared-database': {
    weak: withDatabase({}, [{ name: 'orders' }, { name: 'users-api' }]),
    sound: withDatabase({}, [{ name: 'orders' }]),
  },
  'small-pool': {
    weak: withDatabase({ maxConnections: 4 }, [{ name: 'orders', slots: 16 }]),
    sound: withDatabase({ maxConnections: 16 }, [{ name: 'orders', slots: 16 }]),
  },
};
