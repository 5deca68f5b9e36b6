const node = (id: string, kind: string, config: object = {}, column = 0, row = 0) => ({
  id,
  kind,
  name: id,
  position: { x: column * 280, y: row * 150 },
  config,
});

const services = ['users', 'orders', 'auth', 'catalogue', 'mail', 'spinner'];

const route = (path: string, ...steps: object[]) => ({ method: 'GET', path, steps });

const steps: Record<string, object[]> = {
  orders: [{ do: 'query', edge: 'orders-db', sql: 'select sum(n) from numbers' }],
  // Ten minutes of computing: its event loop never turns again.
  spinner: [{ do: 'cpu', duration: { type: 'fixed', valueMs: 600_000 } }],
};

/** Ten nodes with a PostgreSQL and, after the first requests, a service that spins for ever. */
export const tenNodes = {
  format: 1,
  name: 'Ten nodes',
  nodes: [
    node('client', 'client'),
    node(
      'gateway',
      'gateway',
      { rules: [...services, 'server'].map((id) => ({ pathPrefix: `/${id}`, edge: `gateway-${id}` })) },
      1,
    ),
    ...services.map((id, row) => node(id, 'service', { routes: [route(`/${id}`, ...(steps[id] ?? []))] }, 2, row)),
    node('server', 'server', { modules: [{ name: 'main', routes: [route('/server')] }] }, 2, services.length),
    node(
      'db',
      'database',
      { setupSql: 'create table numbers (n int); insert into numbers select generate_series(1, 1000);' },
      3,
    ),
  ],
  edges: [
    { id: 'client-gateway', source: 'client', target: 'gateway' },
    ...[...services, 'server'].map((id) => ({ id: `gateway-${id}`, source: 'gateway', target: id })),
    { id: 'orders-db', source: 'orders', target: 'db' },
  ],
  scenarios: [
    {
      name: 'all',
      durationMs: 60_000,
      traffic: [
        {
          executor: 'constant-arrival-rate',
          client: 'client',
          ratePerSec: 100,
          routes: [...services, 'server'].map((id) => ({ path: `/${id}` })),
        },
      ],
    },
  ],
};
