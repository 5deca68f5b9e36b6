import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { findKafka } from '../kinds/broker-kafka/find.ts';
import { KafkaClient } from '../wire/kafka/client.ts';
import { apis } from '../wire/kafka/protocol/apis.ts';
import { createEngine } from './create-engine.ts';
import type { Engine } from './engine.ts';
import { documentOf, edge, node, route, waitStep } from './fixtures.ts';
import type { MessageCounts } from './types.ts';

/* Messages that a topic lets go of before a group has read them are dropped for that group, and every term adds up. */

let engine: Engine;
beforeEach(async () => {
  engine = await createEngine();
});
afterEach(() => engine.close());

const GROUPS = ['early', 'late', 'never'] as const;

/** Three groups: one that reads at once, and two whose consumers are not there at first. */
const documentWith = (topic: Record<string, unknown>, late: Record<string, unknown> = {}, server = 'embedded') =>
  documentOf({
    nodes: [
      node('shop', 'service', {
        routes: [
          route('/orders/:id', { do: 'publish', edge: 'shop-broker', to: 'orders', key: '{id}', payloadBytes: 200 }),
          route('/records/:id', { do: 'publish', edge: 'shop-broker', to: 'records', payloadBytes: 200 }),
        ],
      }),
      node('broker', 'broker-kafka', {
        server,
        topics: [
          { name: 'orders', partitions: 1, ...topic },
          { name: 'records', partitions: 1 },
        ],
      }),
      ...GROUPS.map((id) =>
        node(id, 'service', {
          replicas: id === 'early' ? 1 : 0,
          consumers: [
            {
              ...{ edge: `broker-${id}`, from: 'orders', redeliverAfterMs: 500, steps: [waitStep(1)] },
              ...(id === 'late' ? late : {}),
            },
          ],
        }),
      ),
    ],
    edges: [edge('shop', 'broker', { timeoutMs: 10_000 }), ...GROUPS.map((id) => edge('broker', id))],
  });

const portOf = (id: string): number => engine.frame().nodes[id]?.replicas[0]?.port as number;
async function publish(path: string, ...ids: number[]): Promise<void> {
  for (const id of ids) {
    const { status } = await fetch(`http://127.0.0.1:${portOf('shop')}/${path}/${id}`);
    expect(status).toBe(200);
  }
}
const numbers = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

const queue = (destination: string) =>
  engine.frame().nodes.broker?.queues?.find((queue) => queue.destination === destination);
const countsOf = (group: string): MessageCounts | undefined =>
  engine.frame().nodes.broker?.queues?.find((queue) => queue.destination === 'orders' && queue.subscription === group)
    ?.counts;
const untilCounted = (group: string, expected: Partial<MessageCounts>): Promise<void> =>
  vi.waitFor(
    () => {
      const counts = countsOf(group) as MessageCounts;
      expect(counts).toMatchObject({ ...expected, expired: 0, deadLettered: 0, lost: 0, duplicated: 0 });
      const { published, done, dropped, inBroker, inFlight } = counts;
      expect(done + dropped + inBroker + inFlight).toBe(published);
    },
    { timeout: 20_000, interval: 50 },
  );

/** As `kafka-delete-records` does it. */
async function deleteBefore(topic: string, offset: number): Promise<void> {
  const client = new KafkaClient(portOf('broker'));
  try {
    const { topics } = await client.send(apis.deleteRecords, 1, {
      topics: [{ name: topic, partitions: [{ partitionIndex: 0, offset }] }],
      timeoutMs: 5000,
    });
    expect(topics[0]?.partitions[0]).toMatchObject({ errorCode: 0, lowWatermark: offset });
  } finally {
    client.close();
  }
}

const hasServer = await findKafka().then(
  () => true,
  () => false,
);

test.for(['embedded', 'apache-kafka'])(
  '%s: deleted before a group has read them: dropped for it, and done for who was there before',
  {
    timeout: 120_000,
  },
  async (server, { skip }) => {
    skip(server === 'apache-kafka' && !hasServer, 'no Apache Kafka is named by ARCHIPEL_KAFKA_HOME or on PATH');
    await engine.startTopology(documentWith({}, {}, server));
    await publish('orders', ...numbers(1, 10));
    await publish('records', ...numbers(1, 3));
    await untilCounted('early', { published: 10, done: 10, inBroker: 0 });
    for (const group of ['late', 'never']) await untilCounted(group, { published: 10, inBroker: 10, dropped: 0 });
    await publish('orders', ...numbers(11, 20));
    await untilCounted('early', { done: 20 });
    await deleteBefore('orders', 16);
    await publish('orders', ...numbers(21, 24));
    await untilCounted('early', { published: 24, done: 24, dropped: 0, inBroker: 0 });
    for (const group of ['late', 'never'])
      await untilCounted(group, { published: 24, done: 0, dropped: 16, inBroker: 8, inFlight: 0 });

    // It begins with the first one that is there.
    await engine.scaleNode({ node: 'late', replicas: 1 });
    await untilCounted('late', { published: 24, done: 8, dropped: 16, inBroker: 0, inFlight: 0 });
    // A topic that nobody reads is in no balance, and as deep as it is.
    await deleteBefore('records', 2);
    await vi.waitFor(() => expect(queue('records')?.depth).toBe(1), { timeout: 15_000, interval: 50 });

    // What is gone does not come again.
    await deleteBefore('orders', 20);
    await engine.scaleNode({ node: 'late', replicas: 0 });
    const back = { node: 'broker', destination: 'orders', group: 'late', from: { type: 'earliest' } } as const;
    expect(await engine.rewindGroup(back)).toBe(4);
    await engine.scaleNode({ node: 'late', replicas: 1 });
    await untilCounted('late', { published: 24, done: 8, dropped: 16, replayed: 4, inBroker: 0, redelivered: 0 });
    await untilCounted('never', { published: 24, done: 0, dropped: 20, inBroker: 4 });
  },
);

test.each([
  ['size', { retentionBytes: 2000 }, 1],
  ['time', { retentionMs: 100 }, 0],
  ['compaction', { compaction: true }, 10],
])('retention by %s: what is gone before it is read is dropped', { timeout: 60_000 }, async (_, topic, least) => {
  await engine.startTopology(documentWith(topic));
  let published = 0;
  // Of the same keys each time.
  const publishAgain = async (): Promise<void> => {
    await publish('orders', ...numbers(1, 10));
    published += 10;
    await untilCounted('early', { published, inBroker: 0, inFlight: 0 });
  };
  while (((countsOf('late') as MessageCounts)?.dropped ?? 0) < 20) await publishAgain();
  expect(countsOf('never')).toMatchObject({ done: 0, inFlight: 0, lost: 0 });
  await engine.scaleNode({ node: 'late', replicas: 1 });
  await untilCounted('late', { published, inBroker: 0, inFlight: 0 });
  const { done, dropped } = countsOf('late') as MessageCounts;
  expect(done).toBeGreaterThanOrEqual(least);
  expect(dropped).toBeGreaterThanOrEqual(20);
});

test('what a consumer has fetched is done, though the topic lets go of it meanwhile', async () => {
  await engine.startTopology(documentWith({}, { concurrency: 1, prefetch: 10, steps: [waitStep(300)] }));
  await publish('orders', ...numbers(1, 8));
  await engine.scaleNode({ node: 'late', replicas: 1 });
  await vi.waitFor(() => expect(countsOf('late')?.inFlight).toBe(1), { timeout: 15_000, interval: 10 });
  await deleteBefore('orders', 8);
  await untilCounted('never', { published: 8, dropped: 8, inBroker: 0 });
  await untilCounted('late', { published: 8, done: 8, dropped: 0, inBroker: 0, inFlight: 0, redelivered: 0 });
});
