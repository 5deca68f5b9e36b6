import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExperimentResult } from '../api/types.ts';
import { runCli } from './cli.fixture.ts';

/* Every probe that looks at the running system, each once with a tolerance that holds and once with one that does not. */

const looks = {
  'HTTP status at a node': [{ type: 'http', node: 'shop', path: '/orders' }, { equals: 200 }, { equals: 404 }],
  'HTTP body through an edge': [
    { type: 'http', edge: 'shoppers-shop', path: '/orders', read: 'body' },
    { jsonPath: '$.stored', expect: [3] },
    { jsonPath: '$.stored', expect: [4] },
  ],
  'HTTP latency': [
    { type: 'http', node: 'shop', path: '/orders', read: 'latency' },
    { min: 20, max: 2000 },
    { max: 19 },
  ],
  metric: [{ type: 'metric', path: 'nodes.shop.requestsPerSec', over: 'mean' }, { min: 30, max: 90 }, { min: 500 }],
  log: [{ type: 'log', node: 'shop', pattern: '^order \\d+ taken$' }, { min: 10 }, { max: 0 }],
  'process state': [{ type: 'process', node: 'shop' }, { equals: 'ready' }, { equals: 'dead' }],
  'processes ready': [{ type: 'process', node: 'shop', read: 'ready' }, { equals: 2 }, { equals: 3 }],
  'processes alive': [
    { type: 'process', node: 'database', read: 'alive' },
    { expression: 'value == true' },
    { expression: 'value == false' },
  ],
  conservation: [{ type: 'conservation' }, { equals: true }, { equals: false }],
  SQL: [
    { type: 'sql', node: 'database', sql: 'select count(*) from orders' },
    { expression: 'value == 3' },
    { expression: 'value > 3' },
  ],
} as const;

const document = {
  format: 1,
  name: 'Every probe',
  nodes: [
    { id: 'shoppers', kind: 'client', name: 'Shoppers', position: { x: 0, y: 0 } },
    {
      id: 'shop',
      kind: 'service',
      name: 'Shop',
      position: { x: 300, y: 0 },
      config: {
        replicas: 2,
        routes: [
          {
            path: '/orders',
            steps: [
              { do: 'wait', duration: { type: 'fixed', valueMs: 20 } },
              {
                do: 'code',
                source: `async (request, { query, state }) => {
                  state.taken = (state.taken ?? 0) + 1;
                  console.log('order ' + state.taken + ' taken');
                  const [{ stored }] = await query('shop-database', 'select count(*)::int as stored from orders');
                  return { stored };
                }`,
              },
            ],
          },
        ],
      },
    },
    {
      id: 'database',
      kind: 'database',
      name: 'Database',
      position: { x: 600, y: 0 },
      config: { setupSql: 'create table orders (id int); insert into orders values (1), (2), (3);' },
    },
  ],
  edges: [
    { id: 'shoppers-shop', source: 'shoppers', target: 'shop' },
    { id: 'shop-database', source: 'shop', target: 'database' },
  ],
  scenarios: [
    {
      name: 'steady',
      traffic: [
        { executor: 'constant-arrival-rate', client: 'shoppers', ratePerSec: 50, routes: [{ path: '/orders' }] },
      ],
    },
  ],
  experiments: [
    {
      name: 'look',
      title: 'Every probe looks',
      scenario: 'steady',
      warmUpMs: 1500,
      steadyStateMs: 1500,
      steadyStateHypothesis: {
        title: 'Orders are served',
        probes: [{ name: 'served', measure: { type: 'success-ratio' }, tolerance: { min: 0.9 } }],
      },
      method: [{ type: 'observe', title: 'A while', durationMs: 3000 }],
      during: Object.entries(looks).flatMap(([name, [measure, holds, fails]]) => [
        { name: `${name} holds`, measure, tolerance: holds },
        { name: `${name} fails`, measure, tolerance: fails },
      ]),
    },
  ],
};

let directory: string;
let result: ExperimentResult;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'archipel-probes-'));
  const file = join(directory, 'probes.archipel.json');
  await writeFile(file, JSON.stringify(document));
  const { exitCode, stdout, stderr } = await runCli('experiment', file, '--trust', '--json', '-');
  expect(exitCode, stderr).toBe(1);
  result = JSON.parse(stdout);
}, 60_000);
afterAll(() => rm(directory, { recursive: true, force: true }));

const probe = (name: string) => result.probes.find((one) => one.name === name && one.phase !== 'before');

describe('a probe that looks at the running system tells what holds from what does not', () => {
  it.each(Object.keys(looks))('%s', (name) => {
    const [holds, fails] = [probe(`${name} holds`), probe(`${name} fails`)];
    expect(holds, JSON.stringify(holds)).toMatchObject({ holds: true });
    expect(fails, JSON.stringify(fails)).toMatchObject({ holds: false });
  });

  it('and the verdict is that of the one that does not', () => {
    expect(result.verdict).toBe('failed');
    expect(result.conservation.holds).toBe(true);
  });
});
