import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createEngine } from './create-engine.ts';
import type { Engine } from './engine.ts';
import { documentOf, edge, node, route, waitStep } from './fixtures.ts';
import type { MessageCounts, QueueStatus } from './types.ts';

/* Messages from a publisher over a broker to a consumer, and what is counted of them. */

let engine: Engine;
beforeEach(async () => {
  engine = await createEngine();
});
afterEach(() => engine.close());

const publish = (to: string, more = {}) => ({ do: 'publish', edge: 'shop-broker', to, key: '{id}', ...more });

const documentWith = (draft: { steps: unknown[]; broker?: Record<string, unknown>; consumer?: Record<string, unknown> }) =>
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
    edges: [edge('shop', 'broker'), edge('broker', 'worker')],
  });

const portOf = (id: string): number => engine.frame().nodes[id]?.replicas[0]?.port as number;
const order = async (id: number): Promise<number> =>
  (await fetch(`http://127.0.0.1:${portOf('shop')}/orders/${id}`)).status;
const orders = async (count: number): Promise<number[]> =>
  Promise.all(Array.from({ length: count }, (_, id) => order(id)));
const queue = (name: string): QueueStatus | undefined =>
  engine.frame().nodes.broker?.queues?.find(({ destination }) => destination === name);
const untilCounted = (name: string, counts: Partial<MessageCounts>): Promise<void> =>
  vi.waitFor(() => expect(queue(name)?.counts).toMatchObject(counts), { timeout: 10_000, interval: 50 });

const ways = [
  ['jobs', { from: 'jobs' }],
  ['log', { from: 'log' }],
  ['news', { from: 'news', ack: 'none' }],
] as const;

test.each(ways)('what is published to "%s" is handled, each message once, and the balance adds up', async (to, consumer) => {
  await engine.startTopology(documentWith({ steps: [publish(to)], consumer: { ...consumer, concurrency: 4 } }));
  expect(await orders(50)).toEqual(Array(50).fill(200));
  await untilCounted(to, { published: 50, done: 50, inBroker: 0, inFlight: 0, lost: 0, redelivered: 0, duplicated: 0 });
});
