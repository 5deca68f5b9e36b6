import { Kafka, logLevel } from 'kafkajs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createCluster, type KafkaCluster } from './server.ts';

/* A partition goes to other brokers while it is written to, and nothing of it is lost. */

let cluster: KafkaCluster;
let kafka: Kafka;
let ends: (() => unknown)[] = [];

beforeEach(async () => {
  cluster = createCluster({ brokers: 3 });
  const ports = await cluster.listen();
  kafka = new Kafka({
    brokers: ports.map((port) => `127.0.0.1:${port}`),
    logLevel: logLevel.NOTHING,
    retry: { initialRetryTime: 20 },
  });
  cluster.createTopic({ name: 't', assignments: [[1, 2]] });
});
afterEach(async () => {
  for (const end of ends.reverse()) await end();
  ends = [];
  await cluster.close();
});

const partition = () => {
  const [found] = cluster.admin.partitions().filter(({ topic }) => topic === 't');
  if (!found) throw new Error('there is no partition');
  return found;
};

async function connectAdmin() {
  const admin = kafka.admin();
  await admin.connect();
  ends.push(() => admin.disconnect());
  return admin;
}

test('who is new copies the partition, and then the others let it go', async () => {
  const admin = await connectAdmin();
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  ends.push(() => producer.disconnect());
  let sent = 0;
  const send = async (): Promise<void> => {
    await producer.send({ topic: 't', messages: [{ value: String(sent) }] });
    sent += 1;
  };
  for (let i = 0; i < 50; i += 1) await send();
  const before = partition().leaderEpoch;
  await admin.alterPartitionReassignments({
    topics: [{ topic: 't', partitionAssignment: [{ partition: 0, replicas: [3, 2] }] }],
  });
  while (partition().replicas.length > 2 || partition().leader !== 3) await send();
  await send();
  expect(partition()).toMatchObject({ replicas: [3, 2], leader: 3, leaderEpoch: before + 1 });
  while (partition().isr.length < 2) await send();
  const values = cluster.admin.read('t', 0, 0, 1_000_000).map(({ value }) => String(value));
  expect(values).toEqual(Array.from({ length: sent }, (_, i) => String(i)));
  await cluster.stopBroker(3);
  expect(partition()).toMatchObject({ leader: 2, endOffset: sent });
});

test('a move that goes on is listed, and may be taken back or lead elsewhere', async () => {
  const admin = await connectAdmin();
  cluster.pauseReplication(3, true);
  const move = (replicas: number[]) =>
    admin.alterPartitionReassignments({ topics: [{ topic: 't', partitionAssignment: [{ partition: 0, replicas }] }] });
  await move([3, 1]);
  const listed = () => admin.listPartitionReassignments({ topics: [{ topic: 't', partitions: [0, 1] }] });
  const [first] = (await listed()).topics;
  expect(first?.partitions).toEqual([
    { partition: 0, replicas: [3, 1, 2], addingReplicas: [3], removingReplicas: [2] },
  ]);
  // Who is new and not in sync yet leads nothing.
  expect(partition()).toMatchObject({ leader: 1, isr: [1, 2] });
  await move([1, 2]);
  expect((await listed()).topics).toEqual([]);
  expect(partition()).toMatchObject({ replicas: [1, 2], leader: 1, isr: [1, 2] });
  await move([2]);
  expect(partition()).toMatchObject({ replicas: [2], leader: 2, isr: [2] });
});

test('all partitions of a topic have as many replicas', async () => {
  const admin = await connectAdmin();
  const topics = [
    {
      topic: 'u',
      replicaAssignment: [
        { partition: 1, replicas: [3, 1] },
        { partition: 0, replicas: [2, 3] },
      ],
    },
  ];
  expect(await admin.createTopics({ topics })).toBe(true);
  const replicas = () =>
    cluster.admin.partitions().flatMap(({ topic, replicas: each }) => (topic === 'u' ? [each] : []));
  expect(replicas()).toEqual([
    [2, 3],
    [3, 1],
  ]);
  const uneven = [
    { partition: 0, replicas: [1] },
    { partition: 1, replicas: [1, 2] },
  ];
  await expect(admin.createTopics({ topics: [{ topic: 'v', replicaAssignment: uneven }] })).rejects.toMatchObject({
    errors: [{ type: 'INVALID_REPLICA_ASSIGNMENT' }],
  });
  const add = (assignments: number[][]) =>
    admin.createPartitions({ topicPartitions: [{ topic: 'u', count: 3, assignments }] });
  await expect(add([[1]])).rejects.toMatchObject({ type: 'INVALID_REPLICA_ASSIGNMENT' });
  await add([[1, 2]]);
  expect(replicas()[2]).toEqual([1, 2]);
});
