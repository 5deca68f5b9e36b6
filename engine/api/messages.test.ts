import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { findRedisServer } from '../kinds/redis-server/find.ts';
import type { RewindTo } from '../model/rewind.ts';
import { createEngine } from './create-engine.ts';
import type { Engine } from './engine.ts';
import { documentOf, edge, node, route, waitStep } from './fixtures.ts';
import { messageOrders } from './message-orders.fixture.ts';

/* Messages from a publisher over a broker to a consumer, and what is counted of them. */

let engine: Engine;
beforeEach(async () => {
  engine = await createEngine();
});
afterEach(() => engine.close());

const publish = (to: string, more = {}) => ({ do: 'publish', edge: 'shop-broker', to, key: '{id}', ...more });

const documentWith = (draft: {
  steps: unknown[];
  broker?: Record<string, unknown>;
  consumer?: Record<string, unknown>;
}) =>
  documentOf({
    nodes: [
      node('shop', 'service', { routes: [route('/orders/:id', ...draft.steps)] }),
      node('broker', 'broker-redis', {
        ...{ queues: [{ name: 'jobs' }, { name: 'dead' }], streams: [{ name: 'log' }], channels: [{ name: 'news' }] },
        ...draft.broker,
      }),
      node('worker', 'service', {
        consumers: draft.consumer ? [{ edge: 'broker-worker', steps: [waitStep(1)], ...draft.consumer }] : [],
      }),
    ],
    edges: [edge('shop', 'broker', { timeoutMs: 2000 }), edge('broker', 'worker'), edge('worker', 'shop')],
  });

const { order, orders, queue, untilCounted, untilState, kill } = messageOrders(() => engine);

const hasServer = await findRedisServer().then(
  () => true,
  () => false,
);
const ways = (['embedded', 'redis-server'] as const).flatMap(
  (server) =>
    [
      [server, 'jobs', { from: 'jobs' }],
      [server, 'log', { from: 'log' }],
      [server, 'news', { from: 'news', ack: 'none' }],
    ] as const,
);

test.for(ways)('%s: what is published to "%s" is handled, each message once, and adds up', async (way, { skip }) => {
  const [server, to, consumer] = way;
  skip(server === 'redis-server' && !hasServer, 'there is no redis-server on PATH');
  await engine.startTopology(
    documentWith({ steps: [publish(to)], broker: { server }, consumer: { ...consumer, concurrency: 4 } }),
  );
  expect(await orders(50)).toEqual(Array(50).fill(200));
  await untilCounted(to, {
    published: 50,
    done: 50,
    inBroker: 0,
    inFlight: 0,
    lost: 0,
    redelivered: 0,
    duplicated: 0,
  });
});

test.each(['jobs', 'log'])(
  'a consumer of "%s" that is killed in mid-work loses nothing: what it had is delivered again',
  async (from) => {
    await engine.startTopology(
      documentWith({
        steps: [publish(from)],
        consumer: { from, concurrency: 5, maxAttempts: 5, redeliverAfterMs: 300, steps: [waitStep(300)] },
      }),
    );
    await orders(20);
    await vi.waitFor(() => expect(queue(from)?.counts.inFlight).toBeGreaterThan(1), { timeout: 15_000, interval: 20 });
    await kill('worker');
    await untilCounted(from, { published: 20, inFlight: 0, lost: 0 });
    await engine.restartProcess({ node: 'worker', replica: 0 });
    await untilCounted(from, { done: 20, inBroker: 0, lost: 0 });
    expect(queue(from)?.counts.redelivered).toBeGreaterThanOrEqual(1);
  },
);

test('acknowledged before its work, what a killed consumer had is lost, and only that', async () => {
  await engine.startTopology(
    documentWith({
      steps: [publish('jobs')],
      consumer: { from: 'jobs', concurrency: 5, ack: 'before', steps: [waitStep(400)] },
    }),
  );
  await orders(5);
  await vi.waitFor(() => expect(queue('jobs')?.counts.inFlight).toBe(5), { timeout: 15_000, interval: 20 });
  await kill('worker');
  await untilCounted('jobs', { published: 5, done: 0, lost: 5, inBroker: 0 });
});

test.each([
  ['append-only', { inBroker: 20, lost: 0 }],
  ['none', { inBroker: 0, lost: 20 }],
])('a broker with persistence "%s" that is killed and comes back', async (persistence, counts) => {
  await engine.startTopology(documentWith({ steps: [publish('jobs')], broker: { persistence, fsync: 'always' } }));
  await orders(20);
  await kill('broker');
  // Nobody knows what it holds.
  expect(await order(21)).toBe(502);
  await engine.restartProcess({ node: 'broker', replica: 0 });
  await untilState('broker', 'ready');
  await untilCounted('jobs', { published: 20, done: 0, ...counts });
  await vi.waitFor(async () => expect(await order(22)).toBe(200), { timeout: 15_000 });
});

test('a message that fails each time is retried with backoff, and then lies with the dead letters', async () => {
  await engine.startTopology(
    documentWith({
      steps: [publish('jobs')],
      consumer: {
        ...{ from: 'jobs', maxAttempts: 3, backoff: { type: 'fixed', delayMs: 50 }, deadLetter: 'dead' },
        steps: [{ do: 'call', edge: 'worker-shop', path: '/nowhere' }],
      },
    }),
  );
  await orders(2);
  await untilCounted('jobs', {
    published: 2,
    deadLettered: 2,
    done: 0,
    failedAttempts: 4,
    redelivered: 4,
    inBroker: 0,
  });
  await untilCounted('dead', { published: 2, inBroker: 2 });
});

test('what was done and not acknowledged is done again, but for a consumer that knows its key', async () => {
  const cached = (idempotency: unknown) =>
    documentOf({
      nodes: [
        node('shop', 'service', { routes: [route('/orders/:id', publish('jobs'))] }),
        node('broker', 'broker-redis', { queues: [{ name: 'jobs' }] }),
        node('cache', 'cache'),
        node('worker', 'service', {
          consumers: [
            {
              ...{
                edge: 'broker-worker',
                from: 'jobs',
                concurrency: 4,
                maxAttempts: 9,
                redeliverAfterMs: 300,
                idempotency,
              },
              steps: [waitStep(1)],
            },
          ],
        }),
      ],
      edges: [edge('shop', 'broker'), edge('broker', 'worker'), edge('worker', 'cache')],
    });
  for (const [idempotency, counts] of [
    [null, { duplicated: 1, recognised: 0 }],
    [{ edge: 'worker-cache' }, { duplicated: 0, recognised: 1 }],
  ] as const) {
    await engine.startTopology(cached(idempotency));
    const { id } = await engine.injectFault({
      fault: 'consumer-crash-before-ack',
      target: { node: 'worker', replica: 0 },
      parameters: {},
      leaseMs: 60_000,
    });
    await order(1);
    await untilState('worker', 'dead');
    await engine.clearFault({ id });
    await engine.restartProcess({ node: 'worker', replica: 0 });
    await untilCounted('jobs', { published: 1, done: 1, redelivered: 1, lost: 0, ...counts });
    await engine.stopTopology();
  }
});

test('of messages with one idempotency key that are in hand at once, one has an effect', async () => {
  await engine.startTopology(
    documentWith({
      steps: [publish('jobs')],
      consumer: {
        from: 'jobs',
        concurrency: 10,
        redeliverAfterMs: 30_000,
        idempotency: { key: 'same' },
        steps: [waitStep(50)],
      },
    }),
  );
  await orders(10);
  await untilCounted('jobs', { published: 10, done: 10, recognised: 9, duplicated: 0, inBroker: 0, inFlight: 0 });
});

test('expired messages are counted and not handled, and delayed ones come later', async () => {
  await engine.startTopology(documentWith({ steps: [publish('jobs', { ttlMs: 100 })] }));
  await orders(10);
  await untilCounted('jobs', { published: 10, inBroker: 10 });
  await engine.applyDocument(documentWith({ steps: [publish('jobs', { delayMs: 1500 })], consumer: { from: 'jobs' } }));
  await untilCounted('jobs', { published: 10, expired: 10, done: 0, inBroker: 0 });
  await orders(5);
  expect(queue('jobs')?.counts.done).toBe(0);
  await untilCounted('jobs', { published: 15, expired: 10, done: 5 });
});

test('with many at once messages of one key get out of order, unless they are handled in order of their keys', async () => {
  // So long that the others are there and done before it, however slowly they are published.
  const slowFirst = {
    do: 'code',
    source: 'async (request) => { if (request.parameters.id === "0") await new Promise((go) => setTimeout(go, 1500)) }',
  };
  for (const keyOrder of [false, true]) {
    const document = documentWith({
      steps: [publish('jobs', { key: 'all' })],
      consumer: { from: 'jobs', concurrency: 10, keyOrder, steps: [slowFirst] },
    });
    await engine.trustDocument({ path: null, document });
    await engine.startTopology(document);
    for (let id = 0; id < 10; id += 1) await order(id);
    await untilCounted('jobs', { published: 10, done: 10 });
    if (keyOrder) expect(queue('jobs')?.counts.reordered).toBe(0);
    else expect(queue('jobs')?.counts.reordered).toBeGreaterThan(0);
    await engine.stopTopology();
  }
});

test('each group of a stream gets every message, and the consumers of a queue share them', async () => {
  await engine.startTopology(
    documentOf({
      nodes: [
        node('shop', 'service', {
          routes: [route('/orders/:id', publish('jobs'), publish('log'))],
        }),
        node('broker', 'broker-redis', { queues: [{ name: 'jobs' }], streams: [{ name: 'log' }] }),
        ...['a', 'b'].map((id) =>
          node(id, 'service', {
            consumers: ['jobs', 'log'].map((from) => ({
              edge: `broker-${id}`,
              from,
              concurrency: 2,
              steps: [waitStep(5)],
            })),
          }),
        ),
      ],
      edges: [edge('shop', 'broker'), edge('broker', 'a'), edge('broker', 'b')],
    }),
  );
  await orders(20);
  await untilCounted('jobs', { published: 20, done: 20 });
  await vi.waitFor(
    () =>
      expect(
        engine
          .frame()
          .nodes.broker?.queues?.flatMap(({ destination, subscription, counts }) =>
            destination === 'log' ? [[subscription, counts.done]] : [],
          ),
      ).toEqual([
        ['a', 20],
        ['b', 20],
      ]),
    15_000,
  );
});

test('who reads a stream handles its messages and nothing else, and the broker refuses none of its commands', async () => {
  const document = documentOf({
    nodes: [
      node('users', 'client'),
      node('shop', 'service', { routes: [route('/orders', publish('log'))] }),
      node('broker', 'broker-redis', { streams: [{ name: 'log' }] }),
      node('reader', 'service', { consumers: [{ edge: 'broker-reader', from: 'log', steps: [waitStep(1)] }] }),
    ],
    edges: [edge('users', 'shop'), edge('shop', 'broker'), edge('broker', 'reader')],
    scenarios: [
      {
        name: 'orders',
        traffic: [
          { executor: 'constant-arrival-rate', client: 'users', ratePerSec: 40, routes: [{ path: '/orders' }] },
        ],
      },
    ],
  });
  await engine.startTopology(document);
  const scenario = document.scenarios[0] as (typeof document.scenarios)[number];
  await engine.startTraffic({ scenario, durationMs: 1500 });
  const { nodes, messages, conservation } = await engine.trafficDone();
  const published = messages.find(({ destination }) => destination === 'log')?.counts.published ?? 0;
  expect(conservation.holds).toBe(true);
  expect(published).toBeGreaterThan(20);
  expect(nodes.reader?.requests).toBeGreaterThan(published / 2);
  expect(nodes.reader?.requests).toBeLessThanOrEqual(published);
  expect(nodes.broker?.errors).toBe(0);
});

test('what faults do to messages is what is counted of them', async () => {
  await engine.startTopology(documentWith({ steps: [publish('jobs')], consumer: { from: 'jobs', concurrency: 4 } }));
  const during = async (fault: string, node: string, work: () => Promise<void>): Promise<void> => {
    const { id } = await engine.injectFault({ fault, target: { node, replica: 0 }, parameters: {}, leaseMs: 60_000 });
    await work();
    await engine.clearFault({ id });
  };
  await during('drop', 'shop', async () => {
    expect(await orders(3)).toEqual([200, 200, 200]);
    await untilCounted('jobs', { published: 3, lost: 3, done: 0 });
  });
  await during('poison', 'shop', async () => {
    await orders(2);
    await untilCounted('jobs', { published: 5, deadLettered: 2, done: 0 });
  });
  await during('duplicate', 'worker', async () => {
    await orders(2);
    await untilCounted('jobs', { published: 7, done: 2, duplicated: 2, redelivered: 2 });
  });
  await during('confirm-lost', 'shop', async () => {
    expect(await orders(2)).toEqual([504, 504]);
    await untilCounted('jobs', { published: 9, done: 4, lost: 3 });
  });
  await during('queue-full', 'broker', async () => {
    expect(await order(0)).toBe(503);
    await untilCounted('jobs', { published: 9, notPublished: 1 });
  });
  await during('broker-outage', 'broker', async () => {
    await vi.waitFor(async () => expect(await order(0)).toBe(502), { timeout: 15_000 });
  });
  await vi.waitFor(async () => expect(await order(0)).toBe(200), { timeout: 15_000 });
});

test.for(['embedded', 'redis-server'])(
  '%s: a group of a stream is set back while it reads, and what it handles again counts as replayed',
  async (server, { skip }) => {
    skip(server === 'redis-server' && !hasServer, 'no redis-server is on PATH');
    await engine.startTopology(
      documentWith({ steps: [publish('log')], broker: { server }, consumer: { from: 'log', concurrency: 4 } }),
    );
    expect(await orders(12)).toEqual(Array(12).fill(200));
    await untilCounted('log', { published: 12, done: 12 });
    const rewind = (from: RewindTo) =>
      engine.rewindGroup({ node: 'broker', destination: 'log', group: 'worker', from });
    expect(await rewind({ type: 'offset', offset: `${Date.now() + 60_000}-0` })).toBe(0);
    expect(await rewind({ type: 'time', agoMs: 600_000 })).toBe(12);
    await untilCounted('log', { published: 12, done: 12, replayed: 12, duplicated: 0, redelivered: 0, lost: 0 });
    expect(await rewind({ type: 'earliest' })).toBe(12);
    await untilCounted('log', { published: 12, done: 12, replayed: 24, duplicated: 0, redelivered: 0, lost: 0 });
    await expect(
      engine.rewindGroup({ node: 'broker', destination: 'jobs', group: '', from: { type: 'earliest' } }),
    ).rejects.toThrow();
  },
);
