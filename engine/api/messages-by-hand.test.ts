import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createEngine } from './create-engine.ts';
import type { Engine } from './engine.ts';
import { documentOf, edge, node, route, waitStep } from './fixtures.ts';
import { createCaller } from './router.ts';
import type { MessageCounts } from './types.ts';

const document = documentOf({
  nodes: [
    node('users', 'client'),
    node('shop', 'service', {
      routes: [route('/orders', { do: 'publish', edge: 'shop-broker', to: 'jobs' })],
    }),
    node('broker', 'broker-redis', { queues: [{ name: 'jobs' }, { name: 'unread' }], streams: [{ name: 'log' }] }),
    node('worker', 'service', {
      consumers: [
        {
          ...{ edge: 'broker-worker', from: 'jobs', concurrency: 1, maxAttempts: 1, deadLetter: null },
          steps: [waitStep(2), { do: 'call', edge: 'worker-gone', path: '/{fate}' }],
        },
        { edge: 'broker-worker', from: 'log', steps: [waitStep(1)] },
      ],
    }),
    node('gone', 'service', { routes: [route('/well', waitStep(1))] }),
  ],
  edges: [
    edge('users', 'shop'),
    edge('shop', 'broker', { timeoutMs: 800, retries: { maxAttempts: 4 } }),
    edge('broker', 'worker'),
    edge('worker', 'gone'),
  ],
  scenarios: [
    {
      name: 'steady',
      traffic: [
        {
          ...{ executor: 'constant-arrival-rate', client: 'users', ratePerSec: 20, arrivals: 'uniform' },
          routes: [{ path: '/orders' }],
        },
      ],
    },
  ],
});

let engine: Engine;
const send = (message: Record<string, unknown>) =>
  createCaller({ engine, initialPath: null }).messages.send({ edge: 'shop-broker', to: 'jobs', ...message } as never);
const counts = (name: string): MessageCounts | undefined =>
  engine.frame().nodes.broker?.queues?.find(({ destination }) => destination === name)?.counts;

beforeAll(async () => {
  engine = await createEngine();
  await engine.configureTracing({ ratio: 0, otlpUrl: null });
  await engine.startTopology(document);
}, 30_000);
afterAll(() => engine.close());

const untilCounted = (name: string, wanted: Partial<MessageCounts>): Promise<void> =>
  vi.waitFor(() => expect(counts(name)).toMatchObject(wanted), { timeout: 15_000, interval: 50 });

it('is confirmed, handled and counted, and its trace tells who took it, whatever is sampled', async () => {
  const sent = await send({ key: 'k', parameters: { fate: 'well' }, contents: '{"order":7}' });
  expect(sent).toMatchObject({ edge: 'shop-broker', to: 'jobs', failure: null });
  expect(sent.messageId).not.toBe('');
  await untilCounted('jobs', { published: 1, done: 1, lost: 0, inBroker: 0, inFlight: 0 });
  await expect
    .poll(() => engine.trace(sent.traceId ?? '').map(({ nodeId, kind }) => `${nodeId} ${kind}`), { timeout: 10_000 })
    .toEqual(['shop internal', 'shop producer', 'worker consumer', 'worker client', 'gone server']);
  const [, producer, consumer] = engine.trace(sent.traceId ?? '');
  expect(consumer?.parentSpanId).toBe(producer?.spanId);
  expect(consumer?.attributes['messaging.message.id']).toBe(sent.messageId);
});

it('brings its parameters to the steps of its consumer: what is bad for them shows in its trace', async () => {
  const sent = await send({ to: 'jobs', parameters: { fate: 'badly' } });
  expect(sent.failure).toBeNull();
  await untilCounted('jobs', { published: 2, done: 1, deadLettered: 1 });
  await expect
    .poll(() => engine.trace(sent.traceId ?? '').find(({ kind }) => kind === 'consumer')?.error, { timeout: 10_000 })
    .toBe('no-route');
});

it('stands in the balance beside the traffic, which it is no part of', async () => {
  const scenario = document.scenarios[0] as (typeof document.scenarios)[number];
  await engine.startTraffic({ scenario, durationMs: 1500 });
  for (let turn = 0; turn < 5; turn += 1) expect((await send({ to: 'log' })).failure).toBeNull();
  const { traffic, conservation } = await engine.trafficDone();
  expect(conservation.holds).toBe(true);
  expect(traffic).toMatchObject({ failed: 0, dropped: 0 });
  await untilCounted('log', { published: 5, done: 5, lost: 0 });
});

it('meets the faults of its edge once, and adds up all the same', async () => {
  const { id } = await engine.injectFault({
    ...{ fault: 'latency', target: { edge: 'shop-broker' }, parameters: { latencyMs: 3000 }, leaseMs: 20_000 },
  });
  const sent = await send({ to: 'unread' });
  await engine.clearFault({ id });
  expect(sent.failure).toMatchObject({ reason: 'timeout', hop: 'shop-broker' });
  // Once: with its four attempts the edge would have taken at least four times as long.
  expect(sent.durationMs).toBeGreaterThanOrEqual(790);
  expect(sent.durationMs).toBeLessThan(1600);
  await vi.waitFor(() => {
    const { published, inBroker, lost, publishing, notPublished } = counts('unread') as MessageCounts;
    expect({ publishing, open: published - inBroker }).toEqual({ publishing: 0, open: 0 });
    expect(inBroker + notPublished).toBe(1);
    expect(lost).toBe(0);
  }, 15_000);
});

it('is refused with what can be done where it cannot be published', async () => {
  const others = 'Use one of "shop-broker".';
  await expect(send({ edge: 'ghost' })).rejects.toMatchObject({ cause: { code: 'not-found', nextStep: others } });
  for (const wrong of ['users-shop', 'broker-worker'])
    await expect(send({ edge: wrong })).rejects.toMatchObject({ cause: { code: 'wrong-state', nextStep: others } });
  await expect(send({ to: 'nowhere' })).rejects.toMatchObject({
    cause: { code: 'not-found', nextStep: 'Use one of "jobs", "unread", "log".' },
  });
  await expect(send({ routingKey: 'a.b' })).rejects.toThrow(/is no exchange/);
  await expect(send({ to: 'log', priority: 1 })).rejects.toThrow(/"log" knows no priority/);
  await expect(send({ to: 'log', delayMs: 100 })).rejects.toThrow(/"log" knows no delay/);
});

it('waits for its delay, comes by its priority, and expires', async () => {
  const delayMs = 300;
  const { done, expired } = counts('jobs') as MessageCounts;
  const { traceId } = await send({ to: 'jobs', parameters: { fate: 'well' }, delayMs });
  const spans = () => engine.trace(traceId ?? '');
  await expect.poll(() => spans().some(({ kind }) => kind === 'consumer'), { timeout: 15_000 }).toBe(true);
  const startOf = (wanted: string): number => spans().find(({ kind }) => kind === wanted)?.startedAtMs ?? Number.NaN;
  expect(startOf('consumer') - startOf('producer')).toBeGreaterThanOrEqual(delayMs / 2);

  await untilCounted('jobs', { done: done + 1 });

  // While their consumer is away nobody takes them.
  const ids = new Map<string, number>();
  const { id } = await engine.injectFault({
    fault: 'kill',
    target: { node: 'worker', replica: 0 },
    parameters: {},
    leaseMs: 60_000,
  });
  const late = await send({ to: 'jobs', parameters: { fate: 'well' }, ttlMs: 1 });
  for (const priority of [9, 1])
    ids.set((await send({ parameters: { fate: 'well' }, priority })).traceId ?? '', priority);
  expect(late.failure).toBeNull();
  await engine.clearFault({ id });
  await untilCounted('jobs', { done: done + 3, expired: expired + 1, inBroker: 0, inFlight: 0 });
  const takenAtMs = (trace: string): number =>
    engine.trace(trace).find(({ kind }) => kind === 'consumer')?.startedAtMs ?? Number.NaN;
  await expect.poll(() => [...ids.keys()].every((trace) => takenAtMs(trace) > 0), { timeout: 15_000 }).toBe(true);
  const order = [...ids].sort(([a], [b]) => takenAtMs(a) - takenAtMs(b)).map(([, priority]) => priority);
  expect(order).toEqual([1, 9]);
});

it('is refused whole with all that is wrong with it', async () => {
  const text = String(
    await send({ headers: { 'bad name': 'x', traceparent: '00' }, parameters: { 'a b': '' } }).catch((error) => error),
  );
  for (const part of ['"bad name"', 'is set by the sender itself', 'parameter "a b"'])
    expect(text).toContain(part.replaceAll('"', '\\"'));
});

it('no request by hand goes along what a broker delivers', async () => {
  await expect(
    engine.sendRequest({ edge: 'broker-worker', method: 'GET', path: '/', headers: {}, body: '' }),
  ).rejects.toThrow(/speaks redis-messages|only HTTP/);
});

it.each([
  [
    'broker-rabbitmq',
    {
      exchanges: [{ name: 'events', type: 'topic' }],
      bindings: [{ exchange: 'events', to: 'jobs', key: 'order.*' }],
      queues: [{ name: 'jobs' }],
    },
    { to: 'events', routingKey: 'order.paid', headers: { origin: 'hand' } },
  ],
  ['broker-kafka', { topics: [{ name: 'jobs', partitions: 2 }] }, { to: 'jobs', key: 'k' }],
])(
  '%s: published with its own client, it comes to its consumer',
  async (kind, config, message) => {
    const other = await createEngine();
    try {
      await other.configureTracing({ ratio: 0, otlpUrl: null });
      await other.startTopology(
        documentOf({
          nodes: [
            node('shop', 'service', { routes: [route('/', waitStep(1))] }),
            node('broker', kind, config),
            node('worker', 'service', { consumers: [{ edge: 'broker-worker', from: 'jobs', steps: [waitStep(1)] }] }),
          ],
          edges: [edge('shop', 'broker', { timeoutMs: 5000 }), edge('broker', 'worker')],
        }),
      );
      const plain = {
        edge: 'shop-broker',
        key: '',
        routingKey: null,
        ...{ priority: null, delayMs: 0, ttlMs: null },
        headers: {},
        parameters: {},
        contents: 'by hand',
      };
      const sent = await other.sendMessage({ ...plain, ...message });
      expect(sent.failure).toBeNull();
      await expect
        .poll(() => other.trace(sent.traceId ?? '').map(({ nodeId, kind: of }) => `${nodeId} ${of}`), {
          timeout: 20_000,
        })
        .toEqual(['shop internal', 'shop producer', 'worker consumer']);
      const jobs = () => other.frame().nodes.broker?.queues?.find(({ destination }) => destination === 'jobs')?.counts;
      await vi.waitFor(() => expect(jobs()).toMatchObject({ published: 1, done: 1, lost: 0, inFlight: 0 }), 15_000);
    } finally {
      await other.close();
    }
  },
  40_000,
);
