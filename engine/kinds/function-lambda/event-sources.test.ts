import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createEngine } from '../../api/create-engine.ts';
import type { Engine } from '../../api/engine.ts';
import { documentOf, edge, node, route } from '../../api/fixtures.ts';
import { messageOrders } from '../../api/message-orders.fixture.ts';
import { catalogue } from '../../catalogue.ts';
import { parseDocument } from '../../model/parse.ts';

vi.setConfig({ testTimeout: 60_000 });

/* Messages of real brokers that call a function, and what becomes of both. */

let engine: Engine;
let folder: string;
beforeEach(async () => {
  engine = await createEngine();
  folder = mkdtempSync(join(tmpdir(), 'event-sources-'));
  writeFileSync(join(folder, 'seen'), '');
});
afterEach(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

const brokers = {
  'broker-redis': {
    queues: [{ name: 'jobs' }, { name: 'dead' }],
    streams: [{ name: 'log' }],
    channels: [{ name: 'news' }],
  },
  'broker-rabbitmq': { queues: [{ name: 'jobs' }, { name: 'dead' }] },
  'broker-kafka': { topics: [{ name: 'jobs' }, { name: 'dead' }] },
};

/** Writes each event down; then does what the test wants. */
const handler = (does = '') => `
  const { appendFileSync } = require('node:fs');
  exports.handler = async (event) => {
    appendFileSync(process.env.SEEN, JSON.stringify(event) + '\\n');
    const idOf = ({ messageAttributes }) => messageAttributes.id.stringValue;
    ${does}
  };`;

interface Draft {
  kind?: keyof typeof brokers;
  from?: string;
  does?: string;
  config?: Record<string, unknown>;
  source?: Record<string, unknown>;
}

const draftOf = ({ kind = 'broker-redis', from = 'jobs', does, config, source }: Draft) => ({
  nodes: [
    node('shop', 'service', {
      routes: [route('/orders/:id', { do: 'publish', edge: 'shop-broker', to: from, key: '{id}' })],
    }),
    node('broker', kind, brokers[kind]),
    node('fn', 'function-lambda', {
      source: handler(does),
      environment: { SEEN: join(folder, 'seen') },
      eventSources: [
        { edge: 'broker-fn', from, backoff: { type: 'fixed', delayMs: 20 }, redeliverAfterMs: 500, ...source },
      ],
      ...config,
    }),
  ],
  edges: [edge('shop', 'broker', { timeoutMs: 4000 }), edge('broker', 'fn')],
});

const documentWith = (draft: Draft) => documentOf(draftOf(draft));

async function start(draft: Draft) {
  const document = documentWith(draft);
  await engine.trustDocument({ path: null, document });
  await engine.startTopology(document);
  return document;
}

const shop = messageOrders(() => engine);
const { order, queue, untilCounted, untilState, kill } = shop;
const orders = async (count: number): Promise<void> => {
  expect(await shop.orders(count)).toEqual(Array(count).fill(200));
};
const measure = (id: string): number => engine.frame().nodes.fn?.measures[id] as number;

// biome-ignore lint/suspicious/noExplicitAny: each broker has events of its own
const seen = (): any[] =>
  readFileSync(join(folder, 'seen'), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
/** Of a message of Redis. */
const idOf = (each: { messageAttributes: { id: { stringValue: string } } }): string =>
  each.messageAttributes.id.stringValue;
const text = (base64: string): string => Buffer.from(base64, 'base64').toString();

const ways: [keyof typeof brokers, string, (event: ReturnType<typeof seen>[number]) => unknown[]][] = [
  ['broker-redis', 'jobs', ({ Records }) => Records],
  ['broker-redis', 'log', ({ Records }) => Records],
  ['broker-rabbitmq', 'jobs', ({ rmqMessagesByQueue }) => rmqMessagesByQueue['jobs::/']],
  ['broker-kafka', 'jobs', ({ records }) => Object.values(records).flat()],
];

test.each(ways)('%s, "%s": messages call the function in batches, and both add up', async (kind, from, recordsOf) => {
  await start({ kind, from, source: { batchSize: 5, batchingWindowMs: 200, maximumConcurrency: 2 } });
  // Who polls is the platform: nothing runs while no message comes.
  await vi.waitFor(() => expect(measure('environments')).toBe(0), { timeout: 15_000 });
  await orders(12);
  await untilCounted(from, { published: 12, done: 12, inBroker: 0, inFlight: 0, lost: 0, duplicated: 0 });
  const events = seen();
  const records = events.map(recordsOf);
  expect(records.flat()).toHaveLength(12);
  expect(Math.max(...records.map(({ length }) => length))).toBeGreaterThan(1);
  expect(Math.max(...records.map(({ length }) => length))).toBeLessThanOrEqual(5);
  await vi.waitFor(() => expect(measure('invocations')).toBe(events.length), { timeout: 15_000 });
  expect(engine.frame().nodes.fn?.requests).toBe(12);
});

test('RabbitMQ: the event is that of Amazon MQ', async () => {
  await start({ kind: 'broker-rabbitmq' });
  await order(7);
  await untilCounted('jobs', { done: 1 });
  const [{ rmqMessagesByQueue, ...event }] = seen();
  expect(event).toEqual({
    eventSource: 'aws:rmq',
    eventSourceArn: expect.stringMatching(/^arn:aws:mq:.*:broker:broker:/),
  });
  const [message] = rmqMessagesByQueue['jobs::/'];
  expect(message).toMatchObject({ redelivered: false, basicProperties: { deliveryMode: 2, bodySize: 256 } });
  expect(message.basicProperties.headers.id).toEqual({ bytes: [55] });
  expect(text(message.data)).toMatch(/^abc/);
});

test('Kafka: the event is that of a self-managed Kafka', async () => {
  await start({ kind: 'broker-kafka' });
  await order(7);
  await untilCounted('jobs', { done: 1 });
  const [{ eventSource, bootstrapServers, records }] = seen();
  expect({ eventSource, bootstrapServers }).toEqual({
    eventSource: 'SelfManagedKafka',
    bootstrapServers: expect.stringMatching(/^127\.0\.0\.1:\d+/),
  });
  const [[place, [record]]] = Object.entries(records) as [[string, Record<string, unknown>[]]];
  expect(place).toBe(`jobs-${record?.partition}`);
  expect(record).toMatchObject({ topic: 'jobs', offset: 0, timestampType: 'CREATE_TIME' });
  expect(text(record?.key as string)).toBe('7');
  expect(record?.headers).toContainEqual({ id: [55] });
});

test.each(Object.keys(brokers) as (keyof typeof brokers)[])(
  '%s: a message whose attempts are used up becomes a dead letter, the others are done',
  async (kind) => {
    await start({
      kind,
      does: `if (JSON.stringify(event).includes(process.env.BAD)) throw new Error('no');`,
      config: {
        environment: {
          SEEN: join(folder, 'seen'),
          BAD: {
            'broker-redis': '"id":{"stringValue":"3"',
            'broker-rabbitmq': '"id":{"bytes":[51]',
            'broker-kafka': '"id":[51]',
          }[kind],
        },
      },
      source: { batchSize: 1, maxAttempts: 2, deadLetter: 'dead' },
    });
    await orders(5);
    await untilCounted('jobs', { published: 5, done: 4, deadLettered: 1, inBroker: 0, inFlight: 0, lost: 0 });
    await untilCounted('dead', { published: 1, inBroker: 1 });
    await vi.waitFor(() => expect(measure('functionErrors')).toBe(2), { timeout: 15_000 });
    expect(measure('invocations')).toBe(6);
  },
);

test('what the function reports as failed is tried again, and nothing else of its batch', async () => {
  await start({
    does: `return { batchItemFailures: event.Records.filter((each) => idOf(each) === '3').map(({ messageId }) => ({ itemIdentifier: messageId })) };`,
    source: { batchSize: 10, batchingWindowMs: 300, reportBatchItemFailures: true, maxAttempts: 3, deadLetter: 'dead' },
  });
  await orders(6);
  await untilCounted('jobs', { published: 6, done: 5, deadLettered: 1, inBroker: 0, inFlight: 0, lost: 0 });
  const ids = seen().flatMap(({ Records }) => Records.map(idOf));
  expect(ids.sort()).toEqual(['0', '1', '2', '3', '3', '3', '4', '5']);
  expect(measure('functionErrors')).toBe(0);
});

test('a throttle is no attempt: what waits for it is done once there is room', async () => {
  const document = await start({ config: { reservedConcurrency: 0 }, source: { maxAttempts: 1, batchSize: 4 } });
  await orders(4);
  await vi.waitFor(() => expect(measure('throttles')).toBeGreaterThan(1), { timeout: 15_000 });
  expect(measure('invocations')).toBe(0);
  const roomy = structuredClone(document);
  for (const { id, config } of roomy.nodes) if (id === 'fn') config.reservedConcurrency = 5;
  await engine.applyDocument(roomy);
  await untilCounted('jobs', { published: 4, done: 4, inBroker: 0, inFlight: 0, lost: 0 });
});

test('a platform that is killed in mid-work loses no message: what it had calls the next one', async () => {
  await start({
    does: 'await new Promise((resolve) => setTimeout(resolve, 400));',
    source: { batchSize: 2, maximumConcurrency: 2, maxAttempts: 5 },
  });
  await orders(8);
  await vi.waitFor(() => expect(queue('jobs')?.counts.inFlight).toBeGreaterThan(1), { timeout: 15_000, interval: 20 });
  await kill('fn');
  await engine.restartProcess({ node: 'fn', replica: 0 });
  await untilCounted('jobs', { published: 8, done: 8, inBroker: 0, inFlight: 0, lost: 0 });
  expect(queue('jobs')?.counts.redelivered).toBeGreaterThan(0);
});

test.each(Object.keys(brokers) as (keyof typeof brokers)[])(
  '%s: what is acknowledged before its invocation is lost with the platform, and comes once',
  async (kind) => {
    await start({
      kind,
      does: 'await new Promise((resolve) => setTimeout(resolve, 400));',
      source: { ack: 'before', batchSize: 2, maxAttempts: 5 },
    });
    await orders(6);
    await vi.waitFor(() => expect(seen()).not.toEqual([]), { timeout: 15_000, interval: 20 });
    await kill('fn');
    await engine.restartProcess({ node: 'fn', replica: 0 });
    await vi.waitFor(
      () => {
        const { done = 0, lost = 0, ...counts } = queue('jobs')?.counts ?? {};
        expect({ ...counts, sum: done + lost }).toMatchObject({ published: 6, inBroker: 0, inFlight: 0, sum: 6 });
        expect(lost).toBeGreaterThan(0);
        expect(counts).toMatchObject({ redelivered: 0, duplicated: 0 });
      },
      { timeout: 20_000, interval: 50 },
    );
  },
);

test('a channel acknowledges nothing, and calls the function all the same', async () => {
  await start({ from: 'news', source: { ack: 'none', batchSize: 1 } });
  await orders(3);
  await untilCounted('news', { published: 3, done: 3, inFlight: 0, lost: 0 });
  expect(seen()).toHaveLength(3);
});

test('an idempotency key calls the function once, however often it comes in one batch', async () => {
  await start({
    source: { batchSize: 10, batchingWindowMs: 300, redeliverAfterMs: 30_000, idempotency: { key: '{id}' } },
  });
  expect(await Promise.all([7, 7, 7, 7, 8].map(order))).toEqual(Array(5).fill(200));
  await untilCounted('jobs', { published: 5, done: 5, recognised: 3, duplicated: 0, inBroker: 0, inFlight: 0 });
  const ids = seen().flatMap(({ Records }) => Records.map(idOf));
  expect(ids.sort()).toEqual(['7', '8']);
});

test('of twins in hand at once the second is tried when the first has failed', async () => {
  await start({
    does: `if (event.Records.some((each) => idOf(each) === '7')) throw new Error('no');`,
    source: {
      batchSize: 2,
      batchingWindowMs: 200,
      maxAttempts: 1,
      deadLetter: 'dead',
      redeliverAfterMs: 30_000,
      idempotency: { key: 'same' },
    },
  });
  await order(7);
  await order(8);
  await untilCounted('jobs', { published: 2, done: 1, deadLettered: 1, recognised: 0, inBroker: 0, inFlight: 0 });
  expect(seen().map(({ Records }) => Records.map(idOf))).toEqual([['7'], ['8']]);
});

test('keys that are kept in a cache are known to the next platform', async () => {
  const draft = draftOf({ source: { batchSize: 1, idempotency: { key: '{id}', edge: 'fn-cache' } } });
  const document = documentOf({
    ...draft,
    nodes: [...draft.nodes, node('cache', 'cache')],
    edges: [...draft.edges, edge('fn', 'cache')],
  });
  await engine.trustDocument({ path: null, document });
  await engine.startTopology(document);
  await order(7);
  await untilCounted('jobs', { published: 1, done: 1, recognised: 0 });
  await kill('fn');
  await engine.restartProcess({ node: 'fn', replica: 0 });
  await order(7);
  await untilCounted('jobs', { published: 2, done: 2, inBroker: 0, inFlight: 0 });
  // Twice, where the kill came before the acknowledgement of the first.
  expect(queue('jobs')?.counts.recognised).toBeGreaterThan(0);
  expect(seen()).toHaveLength(1);
});

test.each(['consumer-crash-before-ack', 'slow-consumer', 'duplicate'])(
  '%s acts on the platform that consumes, and comes off',
  async (fault) => {
    // Nothing is redelivered on a busy computer but what the crash leaves.
    const redeliverAfterMs = fault === 'consumer-crash-before-ack' ? 500 : 30_000;
    await start({ source: { batchSize: 1, maximumConcurrency: 4, maxAttempts: 5, redeliverAfterMs } });
    const injected = engine.injectFault({
      ...{ fault, target: { node: 'fn', replica: 0 }, parameters: {}, leaseMs: 60_000 },
    });
    await orders(4);
    const { id } = await injected;
    await vi.waitFor(
      () => expect(engine.frame().faults.find((each) => each.id === id)?.proofOfEffect?.holds).toBe(true),
      { timeout: 15_000, interval: 50 },
    );
    await engine.clearFault({ id });
    await untilState('fn', 'ready');
    await untilCounted('jobs', { published: 4, done: 4, inBroker: 0, inFlight: 0, lost: 0 });
    const { duplicated = 0, redelivered = 0 } = queue('jobs')?.counts ?? {};
    if (fault === 'slow-consumer') expect({ duplicated, redelivered }).toEqual({ duplicated: 0, redelivered: 0 });
    else expect(duplicated).toBeGreaterThan(0);
    if (fault === 'consumer-crash-before-ack') expect(redelivered).toBeGreaterThan(0);
  },
);

test('a run in which messages call a function adds up: requests, messages, invocations', async () => {
  const draft = documentWith({ source: { batchSize: 4 } });
  const document = documentOf({
    ...draft,
    nodes: [...draft.nodes, node('client', 'client')],
    edges: [...draft.edges, edge('client', 'shop')],
    scenarios: [
      {
        name: 'orders',
        traffic: [
          {
            ...{ executor: 'constant-arrival-rate', client: 'client', ratePerSec: 30 },
            routes: [{ path: '/orders/:id', parameters: [{ name: 'id', keys: 100, skew: 0 }] }],
          },
        ],
      },
    ],
  });
  await engine.trustDocument({ path: null, document });
  await engine.startTopology(document);
  const [scenario] = document.scenarios;
  if (!scenario) throw new Error('no scenario');
  await engine.startTraffic({ scenario, durationMs: 1500 });
  const { conservation, nodes, costs } = await engine.trafficDone();
  expect(conservation).toMatchObject({ holds: true });
  expect(conservation.equation).toMatch(/fn: invocations \d+ = succeeded \d+/);
  expect(nodes.fn?.measures.invocations).toBeGreaterThan(0);
  // Requests and batches are both billed as what they are: invocations.
  expect(costs?.nodes.fn?.lines[0]?.quantity).toBe(nodes.fn?.measures.invocations);
});

test('a document whose event sources do not fit is refused with all that is wrong', () => {
  const wrong = documentWith({ kind: 'broker-kafka' }) as { nodes: { id: string; config: Record<string, unknown> }[] };
  const fn = wrong.nodes.find(({ id }) => id === 'fn');
  if (!fn) throw new Error('no function');
  fn.config.eventSources = [
    { edge: 'broker-fn', from: 'job', deadLetter: 'nowhere' },
    { edge: 'shop-broker', from: 'jobs' },
    { edge: 'broker-fn', from: 'jobs', reportBatchItemFailures: true },
    { edge: 'broker-fn', from: 'jobs' },
    { edge: 'broker-fn', from: 'dead', idempotency: { edge: 'fn-cache' } },
  ];
  const parsed = parseDocument(wrong, catalogue);
  if (parsed.ok) throw new Error('it was taken');
  expect(parsed.errors.map(({ path }) => path.replace(/^.*config\./, ''))).toEqual([
    'eventSources[0].from',
    'eventSources[0].deadLetter',
    'eventSources[1].edge',
    'eventSources[2].reportBatchItemFailures',
    'eventSources[3]',
    'eventSources[4].idempotency.edge',
  ]);
});

test('an acknowledgement that the destination does not know is refused', () => {
  const parsed = parseDocument({ format: 1, name: 'test', ...draftOf({ from: 'news' }) }, catalogue);
  if (parsed.ok) throw new Error('it was taken');
  expect(parsed.errors).toMatchObject([
    { path: expect.stringContaining('eventSources[0].ack'), nextStep: 'Use "none".' },
  ]);
});
