import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { findRabbitServer } from '../kinds/broker-rabbitmq/find.ts';
import { createEngine } from './create-engine.ts';
import type { Engine } from './engine.ts';
import { documentOf, edge, node, route, waitStep } from './fixtures.ts';
import { messageOrders } from './message-orders.fixture.ts';

/* Messages over exchanges and queues of RabbitMQ, and what is counted of them. */

let engine: Engine;
beforeEach(async () => {
  engine = await createEngine();
});
afterEach(() => engine.close());

const publish = (to: string, more = {}) => ({ do: 'publish', edge: 'shop-broker', to, key: '{id}', ...more });

const documentWith = (draft: {
  steps: unknown[];
  broker?: Record<string, unknown>;
  consumers?: Record<string, unknown>[];
}) =>
  documentOf({
    nodes: [
      node('shop', 'service', { routes: [route('/orders/:id', ...draft.steps)] }),
      node('broker', 'broker-rabbitmq', { queues: [{ name: 'jobs' }, { name: 'dead' }], ...draft.broker }),
      node('worker', 'service', {
        consumers: (draft.consumers ?? []).map((consumer) => ({
          ...{ edge: 'broker-worker', steps: [waitStep(1)] },
          ...consumer,
        })),
      }),
    ],
    edges: [edge('shop', 'broker', { timeoutMs: 2000 }), edge('broker', 'worker'), edge('worker', 'shop')],
  });

const { order, orders, queue, untilCounted, untilState, kill } = messageOrders(() => engine);

const failing = { steps: [{ do: 'call', edge: 'worker-shop', path: '/nowhere' }] };

test.each(['after', 'before', 'none'])(
  'with acknowledgement "%s" each message is handled once, and adds up',
  async (ack) => {
    await engine.startTopology(
      documentWith({ steps: [publish('jobs')], consumers: [{ from: 'jobs', concurrency: 4, ack }] }),
    );
    expect(await orders(50)).toEqual(Array(50).fill(200));
    await untilCounted('jobs', {
      published: 50,
      done: 50,
      inBroker: 0,
      inFlight: 0,
      lost: 0,
      redelivered: 0,
      duplicated: 0,
    });
  },
);

const topology = {
  exchanges: [
    { name: 'all', type: 'fanout' },
    { name: 'orders', type: 'topic' },
    { name: 'regions', type: 'headers' },
  ],
  queues: [{ name: 'mail' }, { name: 'stock' }],
  bindings: [
    { exchange: 'all', to: 'mail' },
    { exchange: 'all', to: 'stock' },
    { exchange: 'orders', to: 'mail', key: 'order.*' },
    { exchange: 'orders', to: 'stock', key: 'order.paid' },
    { exchange: 'regions', to: 'stock', headers: [{ name: 'region', value: 'eu' }] },
  ],
};
const both = ['mail', 'stock'].map((from) => ({ from, concurrency: 4 }));

test.each([
  ['all', {}, 10, 10],
  ['orders', { routingKey: 'order.paid' }, 10, 10],
  ['orders', { routingKey: 'order.placed' }, 10, 0],
  ['regions', { headers: [{ name: 'region', value: 'eu' }] }, 0, 10],
])('over the exchange "%s" with %j each queue gets what it is bound for', async (to, more, mail, stock) => {
  await engine.startTopology(documentWith({ steps: [publish(to, more)], broker: topology, consumers: both }));
  expect(await orders(10)).toEqual(Array(10).fill(200));
  await untilCounted('mail', { published: mail, done: mail, inBroker: 0, lost: 0 });
  await untilCounted('stock', { published: stock, done: stock, inBroker: 0, lost: 0 });
});

test('what no queue is bound for is dropped by its exchange', async () => {
  const steps = [publish('orders', { routingKey: 'nothing' })];
  await engine.startTopology(documentWith({ steps, broker: topology, consumers: both }));
  expect(await orders(5)).toEqual(Array(5).fill(200));
  await untilCounted('orders', { published: 5, dropped: 5, lost: 0 });
});

test.each([
  ['classic', 1],
  ['quorum', 1],
])('of a %s queue a consumer that is killed in mid-work loses nothing', async (type, redelivered) => {
  await engine.startTopology(
    documentWith({
      steps: [publish('jobs')],
      broker: { queues: [{ name: 'jobs', type }] },
      consumers: [{ from: 'jobs', concurrency: 5, maxAttempts: 5, steps: [waitStep(300)] }],
    }),
  );
  await orders(20);
  await vi.waitFor(() => expect(queue('jobs')?.counts.inFlight).toBeGreaterThan(1), { timeout: 15_000, interval: 20 });
  await kill('worker');
  await untilCounted('jobs', { published: 20, inFlight: 0, lost: 0 });
  await engine.restartProcess({ node: 'worker', replica: 0 });
  await untilCounted('jobs', { done: 20, inBroker: 0, lost: 0 });
  expect(queue('jobs')?.counts.redelivered).toBeGreaterThanOrEqual(redelivered);
});

test.each([
  ['durable, with persistent messages', {}, { inBroker: 20, lost: 0 }],
  ['durable, with messages that are not persistent', { persistent: false }, { inBroker: 0, lost: 20 }],
  ['not durable', { durable: false }, { inBroker: 0, lost: 20 }],
])('a broker that is killed and comes back: a queue that is %s', async (_, settings, counts) => {
  await engine.startTopology(
    documentWith({ steps: [publish('jobs')], broker: { queues: [{ name: 'jobs', ...settings }] } }),
  );
  await orders(20);
  await untilCounted('jobs', { published: 20, inBroker: 20 });
  await kill('broker');
  expect(await order(21)).toBe(502);
  await engine.restartProcess({ node: 'broker', replica: 0 });
  await untilCounted('jobs', { published: 20, done: 0, ...counts });
  await vi.waitFor(async () => expect(await order(22)).toBe(200), { timeout: 15_000 });
});

test('a message that fails each time is retried with backoff, and then lies with the dead letters', async () => {
  const backoff = { type: 'fixed', delayMs: 50 };
  // The consumer publishes them to another queue, or the broker moves what it rejects.
  for (const [deadLetter, queues] of [
    ['dead', [{ name: 'jobs' }, { name: 'dead' }]],
    [null, [{ name: 'jobs', deadLetter: 'dead' }, { name: 'dead' }]],
  ] as const) {
    await engine.startTopology(
      documentWith({
        steps: [publish('jobs')],
        broker: { queues },
        consumers: [{ from: 'jobs', maxAttempts: 3, backoff, deadLetter, ...failing }],
      }),
    );
    await orders(2);
    const counts = { published: 2, deadLettered: 2, done: 0, failedAttempts: 4, redelivered: 4, inBroker: 0 };
    await untilCounted('jobs', counts);
    await untilCounted('dead', { published: 2, inBroker: 2 });
    await engine.stopTopology();
  }
});

test('what waits too long or has no room goes to the dead letters, or is dropped, as its queue says', async () => {
  await engine.startTopology(
    documentWith({
      steps: [publish('short'), publish('small'), publish('brief'), publish('jobs', { ttlMs: 100 })],
      broker: {
        queues: [
          { name: 'short', messageTtlMs: 100, deadLetter: 'dead' },
          { name: 'small', maxLength: 2 },
          { name: 'brief', messageTtlMs: 100 },
          ...['jobs', 'dead'].map((name) => ({ name })),
        ],
      },
    }),
  );
  for (let id = 0; id < 5; id += 1) await order(id);
  await untilCounted('short', { published: 5, deadLettered: 5, expired: 0, lost: 0, inBroker: 0 });
  await untilCounted('dead', { published: 5, inBroker: 5 });
  await untilCounted('small', { published: 5, dropped: 3, inBroker: 2, lost: 0 });
  await untilCounted('brief', { published: 5, expired: 5, lost: 0 });
  await untilCounted('jobs', { published: 5, expired: 5, lost: 0 });
});

test('a queue that refuses what it has no room for tells its publisher', async () => {
  await engine.startTopology(
    documentWith({
      steps: [publish('jobs')],
      broker: { queues: [{ name: 'jobs', maxLength: 2, overflow: 'reject-publish' }] },
    }),
  );
  const statuses: number[] = [];
  for (let id = 0; id < 4; id += 1) statuses.push(await order(id));
  expect(statuses).toEqual([200, 200, 503, 503]);
  await untilCounted('jobs', { published: 2, inBroker: 2, notPublished: 2, lost: 0 });
});

test('delayed messages come when it is their time, by queue and by exchange', async () => {
  await engine.startTopology(
    documentWith({
      steps: [publish('all', { delayMs: 1600 }), publish('jobs', { delayMs: 1500 })],
      broker: { ...topology, queues: [...topology.queues, { name: 'jobs' }] },
      consumers: [...both, { from: 'jobs' }],
    }),
  );
  await orders(5);
  expect(queue('jobs')?.counts.done).toBe(0);
  for (const name of ['jobs', 'mail', 'stock'])
    await untilCounted(name, { published: 5, done: 5, lost: 0, inBroker: 0 });
});

test('what was done and not acknowledged is done again', async () => {
  await engine.startTopology(documentWith({ steps: [publish('jobs')], consumers: [{ from: 'jobs', maxAttempts: 9 }] }));
  const { id } = await engine.injectFault({
    fault: 'consumer-crash-before-ack',
    target: { node: 'worker', replica: 0 },
    parameters: {},
    leaseMs: 60_000,
  });
  await order(1);
  await untilState('worker', 'dead');
  await engine.clearFault({ id });
  await untilCounted('jobs', { published: 1, done: 1, redelivered: 1, duplicated: 1, lost: 0 });
});

test('faults of brokers show in what is counted, and come off', async () => {
  await engine.startTopology(documentWith({ steps: [publish('jobs')], consumers: [{ from: 'jobs', concurrency: 4 }] }));
  const during = async (fault: string, work: () => Promise<void>): Promise<void> => {
    const target = { node: 'broker', ...(fault !== 'broker-outage' && { replica: 0 }) };
    const { id } = await engine.injectFault({
      fault,
      target: { replica: 0, ...target },
      parameters: {},
      leaseMs: 60_000,
    });
    const status = () => engine.frame().faults.find((candidate) => candidate.id === id);
    await vi.waitFor(() => expect(status()?.proofOfEffect).toMatchObject({ holds: true }), { timeout: 15_000 });
    await work();
    expect(await engine.clearFault({ id })).toMatchObject({ proofOfRemoval: { holds: true } });
  };
  expect(await order(0)).toBe(200);
  await during('queue-full', () => vi.waitFor(async () => expect(await order(0)).toBe(503), { timeout: 15_000 }));
  await during('slow-broker', async () => expect(await order(0)).toBe(200));
  await during('broker-outage', () => vi.waitFor(async () => expect(await order(0)).toBe(502), { timeout: 15_000 }));
  await vi.waitFor(async () => expect(await order(0)).toBe(200), { timeout: 15_000 });
  await vi.waitFor(() => {
    const { published = 0, done, lost, inBroker } = queue('jobs')?.counts ?? {};
    expect({ done, lost, inBroker }).toEqual({ done: published, lost: 0, inBroker: 0 });
  }, 15_000);
});

const hasServer = await findRabbitServer().then(
  () => true,
  () => false,
);

test('the rabbitmq-server of this computer does the same: over an exchange, killed, and with dead letters', {
  timeout: 180_000,
}, async ({ skip }) => {
  skip(!hasServer, 'there is no rabbitmq-server on PATH');
  await engine.startTopology(
    documentWith({
      steps: [publish('orders', { routingKey: 'order.paid' }), publish('jobs'), publish('late', { delayMs: 300 })],
      broker: {
        ...topology,
        server: 'rabbitmq-server',
        queues: [...topology.queues, { name: 'jobs', deadLetter: 'dead' }, { name: 'dead' }, { name: 'late' }],
      },
      consumers: [...both, { from: 'jobs', maxAttempts: 2, ...failing }],
    }),
  );
  expect(await orders(10)).toEqual(Array(10).fill(200));
  for (const name of ['mail', 'stock']) await untilCounted(name, { published: 10, done: 10, inBroker: 0, lost: 0 });
  await untilCounted('jobs', { published: 10, deadLettered: 10, failedAttempts: 10, inBroker: 0, lost: 0 });
  await untilCounted('dead', { published: 10, inBroker: 10, lost: 0 });
  await untilCounted('late', { published: 10, inBroker: 10, lost: 0 });
  await kill('broker');
  await engine.restartProcess({ node: 'broker', replica: 0 });
  await vi.waitFor(() => expect(engine.frame().nodes.broker?.state).toBe('ready'), { timeout: 90_000, interval: 100 });
  await untilCounted('late', { published: 10, inBroker: 10, lost: 0 });
  await vi.waitFor(async () => expect(await order(22)).toBe(200), { timeout: 15_000, interval: 200 });
  await untilCounted('mail', { done: 11, lost: 0 });
});
