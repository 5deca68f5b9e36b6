import { expect, test } from 'vitest';
import { catalogue } from '../../catalogue.ts';
import { parseDocument } from '../parse.ts';
import { shop, type Written } from '../shop.fixture.ts';

const orders = { path: '/orders' };

function errorsOf(source: Written, scenario: Written = {}): Record<string, string> {
  const document = shop();
  const written = { client: 'shoppers', routes: [orders], ...source };
  document.scenarios = [{ ...document.scenarios[0], ...scenario, traffic: [written] }];
  // What an experiment asks of the routes is not what is looked at here.
  document.experiments = [];
  const parsed = parseDocument(document, catalogue);
  if (parsed.ok) return {};
  for (const { nextStep } of parsed.errors) expect(nextStep).not.toBe('');
  return Object.fromEntries(
    parsed.errors.map(({ path, message }) => [path.replace('$.scenarios[0].traffic[0].', ''), message]),
  );
}

const user = { path: '/users/:id', parameters: [{ name: 'id' }] };
const sound: [executor: string, source: Written][] = [
  ['constant-arrival-rate', { ratePerSec: 10, maxVUs: 5, routes: [user, orders] }],
  ['ramping-arrival-rate', { stages: [{ durationMs: 1000, ratePerSec: 10 }], session: { order: 'sequence' } }],
  ['spike', { baseRatePerSec: 5, peakRatePerSec: 50, spikeAtMs: 3000, holdMs: 1000 }],
  ['diurnal', { lowRatePerSec: 0, highRatePerSec: 20 }],
  ['constant-vus', { vus: 3, session: { order: 'mix', requests: 4, thinkTime: { type: 'exponential', meanMs: 10 } } }],
  ['ramping-vus', { stages: [{ durationMs: 500, vus: 3 }], startTimeMs: 100 }],
  ['per-vu-iterations', { vus: 3, iterations: 4 }],
  ['shared-iterations', { vus: 3, iterations: 3 }],
  [
    'replay',
    { routes: [{ path: '/users/:id' }], trace: { from: 'document', arrivals: [{ atMs: 1, path: '/users/7' }] } },
  ],
  ['replay', { trace: { from: 'file', path: 'monday.ndjson' }, speed: 2 }],
];
test.each(sound)('%s with what it needs is sound', (executor, source) => {
  expect(errorsOf({ executor, ...source })).toEqual({});
});

test('everything that is wrong with a source is told at once, each with its path', () => {
  expect(
    errorsOf({
      executor: 'ramping-arrival-rate',
      client: 'nobody',
      startRatePerSec: -1,
      stages: [],
      startTimeMs: 30_000,
      maxVUs: 0,
      session: { order: 'mix', requests: 0, thinkTime: { type: 'fixed', valueMs: -5 } },
      routes: [
        { path: '/users/:id/:id', edge: 'nowhere', bodyBytes: { type: 'fixed', sizeBytes: 10 } },
        { path: '/orders', parameters: [{ name: 'order' }, { name: 'a b' }], weight: 0 },
      ],
    }),
  ).toEqual({
    client: 'there is no node "nobody"',
    startRatePerSec: 'must be at least 0',
    stages: 'must have at least 1 element',
    startTimeMs: 'the scenario is over by then: it lasts 20000 ms',
    maxVUs: 'must be at least 1',
    'session.requests': 'must be at least 1',
    'session.thinkTime.valueMs': 'must be at least 0',
    'routes[0].path': 'has the segment ":id" twice',
    'routes[0].parameters': 'says nothing of ":id" in "/users/:id/:id"',
    'routes[0].edge': 'there is no edge "nowhere"',
    'routes[0].bodyBytes': 'a GET carries no body',
    'routes[1].parameters[0].name': 'no segment ":order" is in "/orders"',
    'routes[1].parameters[1].name': expect.stringContaining('no segment ":a b"'),
    'routes[1].weight': expect.stringContaining('must be'),
  });
});

test.each<[string, Written, Written, Record<string, string>]>([
  [
    'stages that are longer than the scenario',
    {
      executor: 'ramping-vus',
      startTimeMs: 500,
      stages: [
        { durationMs: 4000, vus: 2 },
        { durationMs: 1000, vus: 0 },
      ],
    },
    { durationMs: 5000 },
    { stages: 'are over after 5500 ms, and the scenario lasts only 5000 ms' },
  ],
  [
    'stages that ask for nothing',
    { executor: 'ramping-vus', startVUs: 0, stages: [{ durationMs: 4000, vus: 0 }] },
    {},
    { stages: 'never ask for more than 0 users' },
  ],
  [
    'stages that last no time',
    { executor: 'ramping-arrival-rate', stages: [{ durationMs: 0, ratePerSec: 5 }] },
    {},
    { stages: 'last no time at all' },
  ],
  [
    'a negative rate in a stage',
    { executor: 'ramping-arrival-rate', stages: [{ durationMs: 1000, ratePerSec: -5 }] },
    {},
    { 'stages[0].ratePerSec': 'must be at least 0' },
  ],
  [
    'fewer iterations than users to share them',
    { executor: 'shared-iterations', vus: 10, iterations: 9 },
    {},
    { iterations: '9 are fewer than the 10 users who share them' },
  ],
  ['no users', { executor: 'constant-vus', vus: 0 }, {}, { vus: 'must be at least 1' }],
  [
    'a trace out of order, along a route that is not there',
    {
      executor: 'replay',
      trace: {
        from: 'document',
        arrivals: [
          { atMs: 5, path: '/orders' },
          { atMs: 3, path: '/orders' },
          { atMs: 9, method: 'POST', path: '/orders' },
        ],
      },
    },
    {},
    {
      'trace.arrivals[1].atMs': 'lies before the arrival above it, at 5 ms',
      'trace.arrivals[2].path': '"POST /orders" belongs to none of the routes',
    },
  ],
  [
    'an executor that nobody knows',
    { executor: 'externally-controlled' },
    {},
    { executor: 'is none of the known values' },
  ],
])('%s is refused', (_, source, scenario, errors) => {
  expect(errorsOf(source, scenario)).toEqual(errors);
});
