import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { findRabbitServer } from '../kinds/broker-rabbitmq/find.ts';
import { findRedisServer } from '../kinds/redis-server/find.ts';
import type { PeekedMessage, PeekedPage } from '../model/peek.ts';
import { createEngine } from './create-engine.ts';
import type { Engine } from './engine.ts';
import { documentOf, edge, node, route, waitStep } from './fixtures.ts';
import { createCaller } from './router.ts';
import type { MessageCounts } from './types.ts';

/* What lies in brokers is looked at, and nothing is changed by that. */

const isThere = async (find: () => Promise<unknown>): Promise<boolean> =>
  find().then(
    () => true,
    () => false,
  );
const hasRedis = await isThere(findRedisServer);
const hasRabbit = await isThere(findRabbitServer);

let engine: Engine;
const api = () => createCaller({ engine, initialPath: null }).messages;
const peek = (destination: string, more: Record<string, unknown> = {}): Promise<PeekedPage> =>
  api().peek({ node: 'broker', destination, ...more } as never);
const send = async (to: string, more: Record<string, unknown> = {}) => {
  const sent = await api().send({ edge: 'shop-broker', to, ...more } as never);
  expect(sent.failure).toBeNull();
  return sent;
};
const queue = (name: string) => engine.frame().nodes.broker?.queues?.find(({ destination }) => destination === name);
const untilCounted = (name: string, wanted: Partial<MessageCounts>): Promise<void> =>
  vi.waitFor(() => expect(queue(name)?.counts).toMatchObject(wanted), { timeout: 15_000, interval: 50 });
const contentsOf = ({ payload }: PeekedMessage): string => JSON.parse(payload.content).contents;

beforeEach(async () => {
  engine = await createEngine();
  await engine.configureTracing({ ratio: 0, otlpUrl: null });
});
afterEach(() => engine.close());

const start = (kind: string, config: Record<string, unknown>, consumers: Record<string, unknown>[] = []) =>
  engine.startTopology(
    documentOf({
      nodes: [
        node('shop', 'service', { routes: [route('/', waitStep(1))] }),
        node('broker', kind, config),
        node('worker', 'service', {
          consumers: consumers.map((consumer) => ({
            ...{ edge: 'broker-worker', concurrency: 1, prefetch: 1, redeliverAfterMs: 60_000 },
            steps: [{ do: 'call', edge: 'worker-gate', path: '/{fate}' }],
            ...consumer,
          })),
        }),
        node('gate', 'service', { routes: [route('/well', waitStep(1))] }),
      ],
      edges: [
        edge('shop', 'broker', { timeoutMs: 5000 }),
        edge('broker', 'worker'),
        edge('worker', 'gate', { timeoutMs: 60_000 }),
      ],
    }),
  );

/** Until it is taken back nothing that a consumer has is over. */
const holdUp = () =>
  engine.injectFault({ fault: 'pause', target: { node: 'gate', replica: 0 }, parameters: {}, leaseMs: 60_000 });

describe.each([
  ['the embedded Redis', 'broker-redis', { server: 'embedded' }, true],
  ['a redis-server', 'broker-redis', { server: 'redis-server' }, hasRedis],
  ['the embedded RabbitMQ', 'broker-rabbitmq', { server: 'embedded' }, true],
])('a queue of %s', (_title, kind, server, canRun) => {
  const isRedis = kind === 'broker-redis';

  test('is listed by states and pages, and nobody notices', async ({ skip }) => {
    skip(!canRun, 'it is not installed');
    const queues = isRedis
      ? [{ name: 'jobs' }]
      : [{ name: 'jobs', maxPriority: 5, deadLetter: 'dead' }, { name: 'dead' }];
    await start(kind, { ...server, queues }, [{ from: 'jobs', maxAttempts: 1, deadLetter: null }]);
    const { id: held } = await holdUp();
    const parameters = { fate: 'well' };
    const first = await send('jobs', { key: 'k', contents: 'first', parameters });
    await vi.waitFor(() => expect(queue('jobs')?.counts.inFlight).toBe(1), 15_000);
    for (const contents of ['second', 'third', 'fourth']) await send('jobs', { contents, parameters });
    await send('jobs', { contents: 'x'.repeat(9000), parameters: { fate: 'badly' } });
    const sentAtMs = Date.now();
    await send('jobs', { contents: 'later', parameters, delayMs: 120_000 });
    await untilCounted('jobs', { published: 6, inFlight: 1, inBroker: 5 });
    const before = { ...queue('jobs')?.counts };

    const { messages, states, next, unseen } = await peek('jobs');
    expect({ next, unseen }).toEqual({ next: null, unseen: null });
    expect(messages.map(({ state }) => state)).toEqual(['unacknowledged', ...Array(4).fill('waiting'), 'delayed']);
    expect(messages.slice(0, 4).map(contentsOf)).toEqual(['first', 'second', 'third', 'fourth']);
    expect(messages[0]).toMatchObject({ id: first.messageId, key: 'k', traceId: first.traceId, attempts: 1 });
    expect(messages[1]).toMatchObject({ attempts: 0, contentType: 'application/json', deadLetter: null });
    expect(messages[0]?.publishedAtMs).toBeGreaterThan(sentAtMs - 60_000);
    // Cut, and says so.
    const long = messages[4]?.payload;
    expect(long).toMatchObject({ format: 'text', isTruncated: true });
    expect(long?.content).toHaveLength(4096);
    expect(long?.bytes).toBeGreaterThan(9000);
    expect(messages[5]?.dueAtMs).toBeGreaterThan(sentAtMs + 110_000);
    expect(states).toEqual(
      expect.arrayContaining([
        { state: 'unacknowledged', messages: 1 },
        { state: 'waiting', messages: 4 },
        { state: 'delayed', messages: 1 },
      ]),
    );

    const one = await peek('jobs', { state: 'waiting', order: 'newest', limit: 2 });
    const two = await peek('jobs', { state: 'waiting', order: 'newest', limit: 2, cursor: one.next });
    expect(two.next).toBeNull();
    expect([...one.messages, ...two.messages].map(({ id }) => id)).toEqual(
      messages
        .slice(1, 5)
        .map(({ id }) => id)
        .reverse(),
    );

    await expect(peek('jobs', { cursor: 'nowhere' })).rejects.toMatchObject({ cause: { code: 'not-found' } });

    // However often: nothing is taken, and nothing counts.
    for (let turn = 0; turn < 20; turn += 1) await peek('jobs', { limit: 2, cursor: turn % 2 ? '2' : null });
    await untilCounted('jobs', { published: 6, inFlight: 1, inBroker: 5 });
    await vi.waitFor(() => expect(queue('jobs')).toMatchObject({ counts: before, depth: 5, unacked: 1 }), 15_000);
    await engine.clearFault({ id: held });
    // Each is handled once, and what fails is set aside, where it can be seen.
    await untilCounted('jobs', { done: 4, deadLettered: 1, redelivered: 0, duplicated: 0, lost: 0, inBroker: 1 });
    const dead = isRedis ? await peek('jobs', { state: 'dead-lettered' }) : await peek('dead');
    expect(dead.messages).toHaveLength(1);
    expect(dead.messages[0]?.deadLetter).toMatchObject(
      isRedis ? { queue: null, reason: expect.stringMatching(/\S/) } : { queue: 'jobs', reason: 'rejected' },
    );
  }, 60_000);
});

describe.each([
  ['a stream of the embedded Redis', 'broker-redis', { streams: [{ name: 'log' }] }, true],
  ['a stream of a redis-server', 'broker-redis', { server: 'redis-server', streams: [{ name: 'log' }] }, hasRedis],
  ['a topic of the embedded Kafka', 'broker-kafka', { topics: [{ name: 'log', partitions: 3 }] }, true],
])('%s', (_title, kind, config, canRun) => {
  test('is listed in both directions, with what its groups have read', async ({ skip }) => {
    skip(!canRun, 'it is not installed');
    await start(kind, config, [{ from: 'log' }]);
    const sent: string[] = [];
    const publish = async (count: number): Promise<void> => {
      for (let turn = 0; turn < count; turn += 1)
        sent.push(
          (await send('log', { key: `k${turn}`, contents: `${sent.length}`, parameters: { fate: 'well' } })).messageId,
        );
    };
    expect(await peek('log')).toMatchObject({ messages: [], next: null });
    await expect(peek('log', { cursor: 'nowhere' })).rejects.toThrow(/has no page that begins at "nowhere"/);
    await publish(7);
    await untilCounted('log', { done: 7 });
    await vi.waitFor(
      async () => expect((await peek('log')).messages.map(({ state }) => state)).toEqual(Array(7).fill('read')),
      15_000,
    );
    const { id: held } = await holdUp();
    await publish(5);
    await untilCounted('log', { published: 12, done: 7 });
    const before = { ...queue('log')?.counts };

    const all = await peek('log');
    expect(all.next).toBeNull();
    expect(new Set(all.messages.map(({ id }) => id))).toEqual(new Set(sent));
    expect(all.messages.filter(({ state }) => state === 'read')).toHaveLength(7);
    expect(all.messages.every(({ traceId, offset }) => traceId !== null && offset !== null)).toBe(true);
    for (const message of all.messages) {
      const index = Number(contentsOf(message));
      expect(message).toMatchObject({ id: sent[index], key: `k${index < 7 ? index : index - 7}` });
    }
    for (const order of ['oldest', 'newest']) {
      const paged: PeekedMessage[] = [];
      let cursor: string | null = null;
      do {
        const page: PeekedPage = await peek('log', { order, limit: 5, cursor });
        expect(page.messages.length).toBeLessThanOrEqual(5);
        paged.push(...page.messages);
        cursor = page.next;
      } while (cursor !== null);
      expect(paged.map(({ id }) => id).sort()).toEqual([...sent].sort());
      // Within a partition in the order of their offsets, which is that of publishing.
      for (const partition of new Set(paged.map((message) => message.partition))) {
        const numbers = paged
          .filter((message) => message.partition === partition)
          .map(contentsOf)
          .map(Number);
        const sorted = [...numbers].sort((a, b) => (order === 'oldest' ? a - b : b - a));
        expect(numbers).toEqual(sorted);
      }
    }
    expect(queue('log')?.counts).toMatchObject({
      ...before,
      inFlight: expect.any(Number),
      inBroker: expect.any(Number),
    });
    await engine.clearFault({ id: held });
    await untilCounted('log', { published: 12, done: 12, redelivered: 0, duplicated: 0, lost: 0, replayed: 0 });
  }, 60_000);
});

test('what keeps nothing, and what cannot be seen, is said', async () => {
  await start('broker-redis', { queues: [], channels: [{ name: 'news' }] });
  expect(await peek('news')).toEqual({
    ...{ messages: [], next: null, states: [] },
    unseen: expect.stringContaining('A channel keeps nothing'),
  });
  await expect(peek('ghost')).rejects.toMatchObject({ cause: { code: 'not-found', nextStep: 'Use one of "news".' } });
  await expect(api().peek({ node: 'shop', destination: 'news' } as never)).rejects.toMatchObject({
    cause: { code: 'not-found', nextStep: 'Use one of "broker".' },
  });
  const replica = engine.frame().nodes.broker?.replicas[0];
  const { id } = await engine.injectFault({
    ...{ fault: 'kill', target: { node: 'broker', replica: 0 }, parameters: {}, leaseMs: 30_000 },
  });
  expect(replica?.pid).toBeGreaterThan(0);
  await expect(peek('news')).rejects.toThrow(/"broker" is not up/);
  await engine.clearFault({ id });
}, 30_000);

test('an exchange and a rabbitmq-server say why nothing is shown', async ({ skip }) => {
  const parts = { exchanges: [{ name: 'events', type: 'fanout' }], queues: [{ name: 'jobs' }] };
  await start('broker-rabbitmq', parts);
  expect(await peek('events')).toMatchObject({ messages: [], unseen: expect.stringContaining('An exchange keeps') });
  skip(!hasRabbit, 'there is no rabbitmq-server');
  await engine.stopTopology();
  await start('broker-rabbitmq', { ...parts, server: 'rabbitmq-server' });
  await send('jobs');
  await untilCounted('jobs', { published: 1, inBroker: 1 });
  expect(await peek('jobs')).toMatchObject({
    messages: [],
    unseen: expect.stringContaining('AMQP has no way to look'),
  });
  expect(queue('jobs')?.counts).toMatchObject({ published: 1, inBroker: 1, redelivered: 0 });
}, 150_000);
