import { describe, expect, it } from 'vitest';
import { catalogue } from '../../catalogue.ts';
import type { DocumentError } from '../definition.ts';
import { parseDocument } from '../parse.ts';

const at = { x: 0, y: 0 };
const wait = { do: 'wait', duration: { type: 'fixed', valueMs: 1 } };
const service = (id: string, ...routes: object[]) => ({
  id,
  kind: 'service',
  name: id,
  position: at,
  config: { routes },
});
const edge = (source: string, target: string, config: object = {}) => ({
  id: `${source}-${target}`,
  source,
  target,
  config,
});
const call = (edgeId: string, path: string, more: object = {}) => ({ do: 'call', edge: edgeId, path, ...more });

function problems(nodes: object[], edges: object[]): DocumentError[] {
  const parsed = parseDocument({ format: 1, name: 'x', nodes, edges, scenarios: [], experiments: [] }, catalogue);
  return parsed.ok ? [] : parsed.errors;
}

describe('policies', () => {
  /** Callers → shop → auth, with these settings on the second edge. */
  const withPolicies = (config: object, callersEdge: object = {}): DocumentError[] =>
    problems(
      [
        { id: 'callers', kind: 'client', name: 'callers', position: at },
        service('shop', { path: '/', steps: [call('shop-auth', '/check')] }),
        service('auth', { path: '/check', steps: [wait] }),
      ],
      [edge('callers', 'shop', callersEdge), edge('shop', 'auth', config)],
    );

  it.each([
    {},
    { retries: {}, hedging: {}, circuitBreaker: {}, bulkhead: {}, rateLimiter: {}, fallback: {} },
    { retries: { backoff: { type: 'fixed' }, budget: {} }, deadlineMs: 10_000 },
    { retries: null, hedging: null, deadlineMs: null },
  ])('that fit together are accepted: %j', (config) => {
    expect(withPolicies(config)).toEqual([]);
  });

  it.each([
    ['hedging.delayMs', { timeoutMs: 100, hedging: { delayMs: 100 } }],
    ['retries.backoff.baseDelayMs', { retries: { backoff: { type: 'exponential', baseDelayMs: 60, maxDelayMs: 50 } } }],
    ['retries.budget', { retries: { budget: { ratio: 0, minPerSec: 0 } } }],
    ['retries.maxAttempts', { timeoutMs: 1000, deadlineMs: 2000, retries: { maxAttempts: 3 } }],
    [
      'retries.maxAttempts',
      { timeoutMs: 900, deadlineMs: 2000, retries: { maxAttempts: 3, backoff: { type: 'fixed', delayMs: 100 } } },
    ],
    [
      'circuitBreaker.trip.minSamples',
      {
        rateLimiter: { ratePerSec: 1, burst: 2 },
        circuitBreaker: { trip: { type: 'failure-ratio', windowMs: 5000, minSamples: 8 } },
      },
    ],
  ])('that contradict each other are told at %s', (path, config) => {
    const found = withPolicies(config);
    expect(found.map((problem) => problem.path)).toEqual([`$.edges[1].config.${path}`]);
    expect(found[0]?.message).not.toBe('');
    expect(found[0]?.nextStep).not.toBe('');
  });

  it('whose retries do not fit what the callers allow are told, if these say what they allow', () => {
    const retries = { timeoutMs: 600, retries: { maxAttempts: 3 } };
    expect(withPolicies(retries, { timeoutMs: 1000 })).toEqual([]);
    expect(withPolicies(retries, { timeoutMs: 1000, propagateDeadline: true })).toMatchObject([
      { path: '$.edges[1].config.retries.maxAttempts', message: expect.stringContaining('1000 ms') },
    ]);
    expect(
      withPolicies({ ...retries, retries: { on: ['refused'] } }, { timeoutMs: 1000, propagateDeadline: true }),
    ).toEqual([]);
  });

  it('are told all at once, beside what else is wrong', () => {
    const found = problems(
      [
        service('shop', { path: '/', steps: [call('shop-auth', '/check'), call('nowhere', '/')] }),
        service('auth', { path: '/check' }),
        { id: 'db', kind: 'database', name: 'db', position: at },
      ],
      [
        edge('shop', 'auth', {
          timeoutMs: 50,
          hedging: { delayMs: 60 },
          retries: { budget: { ratio: 0, minPerSec: 0 } },
        }),
        edge('shop', 'db', { fallback: {}, propagateDeadline: true }),
        edge('auth', 'db', { bulkhead: { maxConcurrent: 0 } }),
      ],
    );
    expect(found.map(({ path }) => path)).toEqual([
      '$.nodes[0].config.routes[0].steps[1].edge',
      '$.edges[0].config.hedging.delayMs',
      '$.edges[0].config.retries.budget',
      '$.edges[1].config.propagateDeadline',
      '$.edges[2].config.bulkhead.maxConcurrent',
    ]);
  });

  it('of a delivery are judged by what its broker speaks', () => {
    const broker = { id: 'broker', kind: 'broker-kafka', name: 'broker', position: at };
    expect(
      problems([broker, service('worker')], [edge('broker', 'worker', { propagateDeadline: true })]),
    ).toMatchObject([
      { path: '$.edges[0].config.propagateDeadline', message: expect.stringContaining('a request of kafka') },
    ]);
  });
});

describe('calls', () => {
  it('that come back to the request they began with are told once, at the step that makes them', () => {
    const found = problems(
      [
        service('a', { path: '/x', steps: [wait, call('a-b', '/y')] }),
        service('b', { path: '/y', steps: [call('b-c', '/z')] }),
        service('c', { path: '/z', steps: [call('c-a', '/x')] }),
      ],
      [edge('a', 'b'), edge('b', 'c'), edge('c', 'a')],
    );
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      path: '$.nodes[0].config.routes[0].steps[1]',
      message: expect.stringContaining('a GET /x → b GET /y → c GET /z → a GET /x'),
    });
  });

  it('between the same two nodes are fine where they end', () => {
    expect(
      problems(
        [
          service('a', { path: '/x', steps: [call('a-b', '/y')] }, { path: '/end', steps: [wait] }),
          service('b', { path: '/y', steps: [call('b-a', '/end')] }),
        ],
        [edge('a', 'b'), edge('b', 'a')],
      ),
    ).toEqual([]);
  });

  it('go round through patterns, methods, modules and gateways, too', () => {
    const found = problems(
      [
        {
          id: 'gate',
          kind: 'gateway',
          name: 'gate',
          position: at,
          config: { rules: [{ pathPrefix: '/users', edge: 'gate-a' }] },
        },
        service('a', { method: 'POST', path: '/users/:id', steps: [call('a-m', '/orders/{id}')] }),
        {
          id: 'm',
          kind: 'server',
          name: 'm',
          position: at,
          config: {
            modules: [
              {
                name: 'orders',
                routes: [{ path: '/orders/:order', steps: [call('m-gate', '/users/{order}', { method: 'POST' })] }],
              },
            ],
          },
        },
      ],
      [edge('gate', 'a'), edge('a', 'm'), edge('m', 'gate')],
    );
    expect(found.map(({ path }) => path)).toEqual(['$.nodes[1].config.routes[0].steps[0]']);
    expect(found[0]?.message).toContain('gate POST /users/{order}');
  });

  it('of several circles are each told, and a call that only leads into one is not', () => {
    const found = problems(
      [
        service('a', { path: '/in', steps: [call('a-b', '/one')] }),
        service('b', { path: '/one', steps: [call('b-c', '/one')] }, { path: '/two', steps: [call('b-c', '/two')] }),
        service('c', { path: '/one', steps: [call('c-b', '/one')] }, { path: '/two', steps: [call('c-b', '/two')] }),
      ],
      [edge('a', 'b'), edge('b', 'c'), edge('c', 'b')],
    );
    expect(found.map(({ path }) => path)).toEqual([
      '$.nodes[1].config.routes[0].steps[0]',
      '$.nodes[1].config.routes[1].steps[0]',
    ]);
  });
});
