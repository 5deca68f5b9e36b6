import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { findKafka } from '../kinds/broker-kafka/find.ts';
import type { RewindTo } from '../model/rewind.ts';
import { findReal, startOurs, startReal } from '../wire/kafka/contract/subjects.fixture.ts';
import { createEngine } from './create-engine.ts';
import type { Engine } from './engine.ts';
import { documentOf, edge, node, route, waitStep } from './fixtures.ts';
import { messageOrders } from './message-orders.fixture.ts';

/* Messages from a publisher over topics to consumer groups, and what is counted of them. */

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
  timeoutMs?: number;
  retries?: unknown;
}) =>
  documentOf({
    nodes: [
      node('shop', 'service', { routes: [route('/orders/:id', ...draft.steps)] }),
      node('broker', 'broker-kafka', { topics: [{ name: 'orders' }, { name: 'dead' }], ...draft.broker }),
      node('worker', 'service', {
        consumers: draft.consumer
          ? [{ edge: 'broker-worker', from: 'orders', redeliverAfterMs: 500, steps: [waitStep(1)], ...draft.consumer }]
          : [],
      }),
    ],
    edges: [
      edge('shop', 'broker', {
        timeoutMs: draft.timeoutMs ?? 4000,
        ...(draft.retries ? { retries: draft.retries } : {}),
      }),
      edge('broker', 'worker'),
      edge('worker', 'shop'),
    ],
  });

const { pidOf, order, orders, queue, untilCounted, untilState, kill } = messageOrders(() => engine);

const hasServer = await findKafka().then(
  () => true,
  () => false,
);

test.for(['embedded', 'apache-kafka'])(
  '%s: what is published is handled, each message once, and adds up',
  { timeout: 120_000 },
  async (server, { skip }) => {
    skip(server === 'apache-kafka' && !hasServer, 'no Apache Kafka is named by ARCHIPEL_KAFKA_HOME or on PATH');
    await engine.startTopology(
      documentWith({ steps: [publish('orders')], broker: { server }, consumer: { concurrency: 4 }, timeoutMs: 10_000 }),
    );
    expect(await orders(50)).toEqual(Array(50).fill(200));
    await untilCounted('orders', {
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

test.for(['embedded', 'apache-kafka'])(
  'a cluster by URL (%s): its topics are made, it outlives the topology, and what is committed stays',
  { timeout: 120_000 },
  async (server, { skip }) => {
    const home = findReal();
    skip(server === 'apache-kafka' && home === null, 'ARCHIPEL_KAFKA_HOME names no Apache Kafka');
    const own = server === 'embedded' ? await startOurs() : await startReal(home as string);
    try {
      const document = documentWith({
        steps: [publish('orders')],
        broker: { url: `kafka://127.0.0.1:${own.port}`, topics: [{ name: 'orders', partitions: 2 }] },
        // Apache Kafka makes its own topic for what is committed when a group first comes.
        consumer: { concurrency: 4, redeliverAfterMs: 1000 },
        timeoutMs: 10_000,
      });
      await engine.startTopology(document);
      expect(await orders(20)).toEqual(Array(20).fill(200));
      await untilCounted('orders', { published: 20, done: 20, inBroker: 0, inFlight: 0, lost: 0, redelivered: 0 });
      await expect(
        engine.injectFault({ fault: 'kill', target: { node: 'broker', replica: 0 }, parameters: {}, leaseMs: 5000 }),
      ).rejects.toThrow();
      await vi.waitFor(() => expect(queue('orders')?.lag).toBe(0), { timeout: 15_000, interval: 50 });
      await engine.stopTopology();

      await engine.startTopology(document);
      expect(await orders(5)).toEqual(Array(5).fill(200));
      await untilCounted('orders', { published: 5, done: 5, inBroker: 0, inFlight: 0, lost: 0, duplicated: 0 });
    } finally {
      await engine.stopTopology();
      await own.stop();
    }
  },
);

test('a consumer that is killed in mid-work loses nothing: what it had is delivered again', async () => {
  await engine.startTopology(
    documentWith({ steps: [publish('orders')], consumer: { concurrency: 5, steps: [waitStep(300)] } }),
  );
  await orders(20);
  await vi.waitFor(() => expect(queue('orders')?.counts.inFlight).toBeGreaterThan(1), {
    timeout: 15_000,
    interval: 20,
  });
  await kill('worker');
  await untilCounted('orders', { published: 20, inFlight: 0, lost: 0 });
  await engine.restartProcess({ node: 'worker', replica: 0 });
  await untilCounted('orders', { done: 20, inBroker: 0, lost: 0 });
  expect(queue('orders')?.counts.redelivered).toBeGreaterThanOrEqual(1);
});

test('committed before its work, what a killed consumer had is lost, and only that', async () => {
  await engine.startTopology(
    documentWith({
      steps: [publish('orders')],
      consumer: { concurrency: 5, ack: 'before', steps: [waitStep(1500)] },
    }),
  );
  await orders(5);
  await vi.waitFor(() => expect(queue('orders')?.counts.inFlight).toBe(5), { timeout: 15_000, interval: 20 });
  await kill('worker');
  await untilCounted('orders', { published: 5, done: 0, lost: 5, inBroker: 0 });
});

test.each([
  ['segments', { inBroker: 20, lost: 0 }],
  ['none', { inBroker: 0, lost: 20 }],
])('a broker with persistence "%s" that is killed and comes back', async (persistence, counts) => {
  await engine.startTopology(documentWith({ steps: [publish('orders')], broker: { persistence } }));
  expect(await orders(20)).toEqual(Array(20).fill(200));
  await kill('broker');
  expect(await order(21)).toBe(502);
  await engine.restartProcess({ node: 'broker', replica: 0 });
  await untilState('broker', 'ready');
  await untilCounted('orders', { published: 20, done: 0, ...counts });
  await vi.waitFor(async () => expect(await order(22)).toBe(200), { timeout: 15_000 });
});

/* A broker that stands still takes nothing off its connections, so what is sent meanwhile ends with it. */
test.each([
  ['none', 200, { published: 20, inBroker: 10, lost: 10, notPublished: 0 }],
  ['leader', 502, { published: 10, inBroker: 10, lost: 0, notPublished: 10 }],
  ['all', 502, { published: 10, inBroker: 10, lost: 0, notPublished: 10 }],
])('confirmed by "%s": a broker that ends before it has read what was sent', async (acks, status, counts) => {
  await engine.startTopology(
    documentWith({ steps: [publish('orders')], broker: { topics: [{ name: 'orders', acks }] }, timeoutMs: 20_000 }),
  );
  expect(await orders(10)).toEqual(Array(10).fill(200));
  await untilCounted('orders', { published: 10, inBroker: 10, lost: 0 });
  process.kill(pidOf('broker'), 'SIGSTOP');
  const sent = orders(10);
  // Who waits for no confirmation has its answer before the broker ends; the others have it by then.
  if (acks === 'none') expect(await sent).toEqual(Array(10).fill(200));
  else await vi.waitFor(() => expect(queue('orders')?.counts.publishing).toBe(10), { timeout: 15_000, interval: 20 });
  await kill('broker');
  expect(await sent).toEqual(Array(10).fill(status));
  await engine.restartProcess({ node: 'broker', replica: 0 });
  await untilState('broker', 'ready');
  await untilCounted('orders', { done: 0, inFlight: 0, publishing: 0, ...counts });
});

test('a message that fails each time is retried with backoff, and then lies with the dead letters', async () => {
  await engine.startTopology(
    documentWith({
      steps: [publish('orders')],
      consumer: {
        ...{ maxAttempts: 3, backoff: { type: 'fixed', delayMs: 50 }, deadLetter: 'dead' },
        steps: [{ do: 'call', edge: 'worker-shop', path: '/nowhere' }],
      },
    }),
  );
  await orders(2);
  await untilCounted('orders', {
    published: 2,
    deadLettered: 2,
    done: 0,
    failedAttempts: 4,
    redelivered: 4,
    inBroker: 0,
  });
  await untilCounted('dead', { published: 2, inBroker: 2 });
  await vi.waitFor(() => expect(queue('dead')?.depth).toBe(2), { timeout: 15_000, interval: 50 });
});

test('consumers of one service share its group, and each has all of its own topic', async () => {
  const consumer = { edge: 'broker-worker', redeliverAfterMs: 500, steps: [waitStep(1)] };
  await engine.startTopology(
    documentOf({
      nodes: [
        node('shop', 'service', { routes: [route('/orders/:id', publish('orders'), publish('dead'))] }),
        node('broker', 'broker-kafka', { topics: [{ name: 'orders' }, { name: 'dead', partitions: 4 }] }),
        node('worker', 'service', {
          replicas: 2,
          consumers: ['orders', 'dead'].map((from) => ({ ...consumer, from })),
        }),
      ],
      edges: [edge('shop', 'broker', { timeoutMs: 4000 }), edge('broker', 'worker')],
    }),
  );
  expect(await orders(40)).toEqual(Array(40).fill(200));
  for (const name of ['orders', 'dead'])
    await untilCounted(name, { published: 40, done: 40, inBroker: 0, inFlight: 0, lost: 0 });
});

test('a leader that ends is followed by one in sync: nothing that all had confirmed is lost', async () => {
  await engine.startTopology(
    documentWith({
      steps: [publish('orders')],
      broker: { brokers: 3, topics: [{ name: 'orders', replicationFactor: 3, minInSyncReplicas: 2 }] },
      consumer: { concurrency: 4 },
      timeoutMs: 3000,
      retries: { maxAttempts: 6, backoff: { type: 'fixed', delayMs: 100 } },
    }),
  );
  expect(await orders(20)).toEqual(Array(20).fill(200));
  const { id } = await engine.injectFault({
    fault: 'partition-leader-loss',
    target: { node: 'broker', replica: 0 },
    parameters: { topic: 'orders', partition: 0 },
    leaseMs: 60_000,
  });
  // Those that go to its partitions wait until another one leads them.
  expect(await orders(30)).toEqual(Array(30).fill(200));
  const status = () => engine.frame().faults.find((fault) => fault.id === id);
  await vi.waitFor(() => expect(status()?.proofOfEffect).toMatchObject({ holds: true }), { timeout: 15_000 });
  expect(await engine.clearFault({ id })).toMatchObject({ state: 'off', proofOfRemoval: { holds: true } });
  expect(await orders(20)).toEqual(Array(20).fill(200));
  await untilCounted('orders', { published: 70, done: 70, inBroker: 0, inFlight: 0, lost: 0 });
});

test.for(['embedded', 'apache-kafka'])(
  '%s: a group without members is set back and handles again what it has read, which counts as replayed',
  { timeout: 120_000 },
  async (server, { skip }) => {
    skip(server === 'apache-kafka' && !hasServer, 'no Apache Kafka is named by ARCHIPEL_KAFKA_HOME or on PATH');
    await engine.startTopology(
      documentWith({ steps: [publish('orders')], broker: { server }, consumer: { concurrency: 4 }, timeoutMs: 10_000 }),
    );
    const rewind = (from: RewindTo) =>
      engine.rewindGroup({ node: 'broker', destination: 'orders', group: 'worker', from });
    expect(await orders(12)).toEqual(Array(12).fill(200));
    await untilCounted('orders', { published: 12, done: 12 });
    await expect(rewind({ type: 'earliest' })).rejects.toThrow('has members');
    await engine.scaleNode({ node: 'worker', replicas: 0 });
    // What lies ahead is left as it is.
    expect(await rewind({ type: 'offset', offset: '1000' })).toBe(0);
    expect(await rewind({ type: 'time', agoMs: 600_000 })).toBe(12);
    await engine.scaleNode({ node: 'worker', replicas: 1 });
    await untilCounted('orders', { published: 12, done: 12, replayed: 12, duplicated: 0, redelivered: 0, lost: 0 });
    await expect(
      engine.rewindGroup({ node: 'broker', destination: 'orders', group: 'nobody', from: { type: 'earliest' } }),
    ).rejects.toThrow('no group "nobody"');
  },
);
