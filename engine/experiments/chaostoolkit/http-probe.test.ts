import { expect, it } from 'vitest';
import { experimentSchema } from '../../model/experiment.ts';
import { importExperiment } from './import.ts';

const variable = (name: string): string => `$\{${name}}`;

const of = (provider: object, tolerance: unknown = 200, configuration?: object) => {
  const { experiment, reports } = importExperiment(
    {
      title: 'Orders answer',
      description: 'x',
      ...(configuration && { configuration }),
      'steady-state-hypothesis': {
        title: 'up',
        probes: [{ type: 'probe', name: 'answers', tolerance, provider: { type: 'http', ...provider } }],
      },
      method: [{ type: 'probe', name: 'look', provider: { type: 'http', ...provider } }],
    },
    { scenario: 'day', nodes: ['orders'], targets: { 'shop.example.com': { edge: 'callers-orders' } } },
  );
  const [probe] = (experiment.steadyStateHypothesis as { probes: Record<string, Record<string, unknown>>[] }).probes;
  return { probe, reports, method: experimentSchema.parse(experiment).method };
};

it.each<[string, object, unknown, object]>([
  [
    'a host that is a node, with what it sends',
    { url: 'http://orders:8080/health?deep=1', timeout: [1, 2], headers: { accept: 'text/plain' } },
    200,
    {
      measure: {
        node: 'orders',
        path: '/health?deep=1',
        method: 'GET',
        timeoutMs: 3000,
        headers: { accept: 'text/plain' },
      },
      tolerance: { equals: 200 },
    },
  ],
  [
    'a service of a cluster',
    { url: 'http://orders.shop.svc/' },
    [200, 204],
    { measure: { node: 'orders' }, tolerance: { oneOf: [200, 204] } },
  ],
  [
    'a host that somebody named, and a body',
    {
      url: 'http://shop.example.com/x',
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      arguments: { a: 1 },
    },
    { type: 'jsonpath', target: 'body', path: '$.ok', expect: [true] },
    {
      measure: { edge: 'callers-orders', method: 'POST', body: '{"a":1}', read: 'body' },
      tolerance: { jsonPath: '$.ok' },
    },
  ],
  ['arguments of a query', { url: 'http://orders/', arguments: { q: 'a b' } }, 200, { measure: { path: '/?q=a+b' } }],
])('a probe of the provider http is taken over: %s', (_, provider, tolerance, wanted) => {
  const { probe, reports, method } = of(provider, tolerance);
  expect(reports).toEqual([]);
  expect(probe).toMatchObject(wanted);
  // Without a tolerance it only has to be answered.
  expect(method).toMatchObject([{ type: 'probe', probe: { name: 'look', tolerance: { min: 0 } } }]);
});

it('variables are what the configuration gives, and of an environment their default', () => {
  const provider = { url: `http://${variable('host')}:${variable('port')}/` };
  const configuration = { host: 'orders', port: { type: 'env', key: 'PORT', default: 80 } };
  expect(of(provider, 200, configuration).probe).toMatchObject({ measure: { node: 'orders' } });
});

it.each<[object, unknown, RegExp]>([
  [{ url: 'http://payments/' }, 200, /no node is called "payments"; say which it is with --host payments=NODE/],
  [{ url: 'https://orders/' }, 200, /nodes here answer http, and not https/],
  [{ url: `http://${variable('nobody')}/` }, 200, /nothing says what \$\{nobody\} is/],
  [{ url: 'orders' }, 200, /its URL cannot be read/],
  [{ url: 'http://orders/', method: 'POST', arguments: { a: 1 } }, 200, /are a form/],
  [{ url: 'http://orders/', secrets: ['s'] }, 200, /needs secrets/],
  [{ url: 'http://orders/' }, { type: 'regex', pattern: 'x' }, /about the whole answer/],
])('what has no counterpart is kept with the reason: %j', (provider, tolerance, why) => {
  const { probe, reports } = of(provider, tolerance);
  expect(probe).toMatchObject({ measure: { type: 'foreign', activity: { provider } } });
  expect(reports[0]).toMatch(why);
});
