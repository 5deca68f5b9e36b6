import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { KafkaClient } from './client.ts';
import type { ClusterOptions } from './cluster/cluster.ts';
import { apis } from './protocol/apis.ts';
import { type ErrorName, errorCodes } from './protocol/errors.ts';
import { batchOf } from './records/record.ts';
import { createCluster, type KafkaCluster } from './server.ts';

let directory: string;
let ends: (() => unknown)[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'kafka-cluster-'));
});
afterEach(async () => {
  for (const end of ends.reverse()) await end();
  ends = [];
  rmSync(directory, { recursive: true, force: true });
});

async function start(options: ClusterOptions = {}): Promise<{ cluster: KafkaCluster; ports: number[] }> {
  const cluster = createCluster({ brokers: 3, internalTopicPartitions: 3, ...options });
  ends.push(() => cluster.close());
  return { cluster, ports: await cluster.listen() };
}

const connect = (port: number | undefined): KafkaClient => {
  const client = new KafkaClient(port as number);
  ends.push(() => client.close());
  return client;
};

const produce = async (client: KafkaClient, value: string, { acks = -1, timeoutMs = 5000, index = 0 } = {}) => {
  const { responses } = await client.send(apis.produce, 9, {
    acks,
    timeoutMs,
    topicData: [
      {
        name: 't',
        partitionData: [{ index, records: batchOf([{ key: null, value: Buffer.from(value) }], Date.now()) }],
      },
    ],
  });
  return nameOf(responses[0]?.partitionResponses[0]?.errorCode);
};

const nameOf = (code: number | undefined): ErrorName =>
  (Object.keys(errorCodes) as ErrorName[]).find((name) => errorCodes[name] === code) as ErrorName;

const partition = (cluster: KafkaCluster, index = 0) =>
  cluster.admin.partitions().filter(({ topic }) => topic === 't')[index] as ReturnType<
    KafkaCluster['admin']['partitions']
  >[0];

const values = (cluster: KafkaCluster, index = 0): string[] =>
  cluster.admin.read('t', index, 0, 10_000).map(({ value }) => String(value));

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

test('replicas lie on different brokers, leaders go round, and every broker knows all addresses', async () => {
  const { cluster, ports } = await start();
  cluster.createTopic({ name: 't', partitions: 6, replicationFactor: 2 });
  const placed = cluster.admin.partitions();
  expect([1, 2, 3].map((id) => placed.filter(({ leader }) => leader === id).length)).toEqual([2, 2, 2]);
  for (const { replicas, isr } of placed) {
    expect(new Set(replicas).size).toBe(2);
    expect(isr).toEqual(replicas);
  }
  for (const port of ports) {
    const { brokers } = await connect(port).send(apis.metadata, 9, { topics: null });
    expect(brokers.map((each) => each.port)).toEqual(ports);
  }
  const other = ports.find((_, i) => i + 1 !== placed[0]?.leader);
  expect(await produce(connect(other), 'a')).toBe('NOT_LEADER_OR_FOLLOWER');
});

test.each(['never', 'always'] as const)(
  'what all have confirmed outlives the leader, and the old leader follows when it comes back: fsync %s',
  async (fsync) => {
    const { cluster, ports } = await start({ dataDir: directory, fsync });
    cluster.createTopic({ name: 't', replicationFactor: 3 });
    const { leader, leaderEpoch } = partition(cluster);
    const client = connect(ports[leader - 1]);
    for (let i = 0; i < 20; i += 1) expect(await produce(client, `v${i}`)).toBe('NONE');
    await cluster.stopBroker(leader);
    const after = partition(cluster);
    expect(after.leader).not.toBe(leader);
    expect(after.leaderEpoch).toBe(leaderEpoch + 1);
    expect(after.isr).toHaveLength(2);
    // The new leader hears of its followers how far they are.
    await until(() => values(cluster).length === 20);
    expect(await produce(connect(ports[after.leader - 1]), 'after')).toBe('NONE');
    await cluster.startBroker(leader);
    await until(() => partition(cluster).isr.length === 3);
    for (const id of [1, 2, 3]) if (id !== leader) await cluster.stopBroker(id);
    expect(partition(cluster)).toMatchObject({ leader, highWatermark: 21 });
    expect(values(cluster).at(-1)).toBe('after');
  },
);

test.each(['never', 'always'] as const)(
  'nothing is confirmed before a slow disk has it, and nothing taken while it is full: fsync %s',
  async (fsync) => {
    const disk = { delayMs: 0, isFull: false };
    const { cluster, ports } = await start({
      dataDir: directory,
      fsync,
      diskDelayMs: () => disk.delayMs,
      isDiskFull: () => disk.isFull,
    });
    cluster.createTopic({ name: 't', replicationFactor: 3 });
    const client = connect(ports[partition(cluster).leader - 1]);
    const takesMs = async (acks: number): Promise<number> => {
      const fromMs = performance.now();
      expect(await produce(client, 'v', { acks })).toBe('NONE');
      return performance.now() - fromMs;
    };
    disk.delayMs = 200;
    for (const acks of [1, -1]) expect(await takesMs(acks)).toBeGreaterThan(disk.delayMs - 20);
    disk.delayMs = 0;
    disk.isFull = true;
    expect(await produce(client, 'v')).toBe('KAFKA_STORAGE_ERROR');
    disk.isFull = false;
    await takesMs(-1);
    expect(values(cluster)).toHaveLength(3);
  },
);

test('a leader that dies is missed in time; meanwhile nobody answers for it', async () => {
  const { cluster, ports } = await start({ brokerSessionTimeoutMs: 150, dataDir: directory });
  cluster.createTopic({ name: 't', replicationFactor: 2 });
  const { leader } = partition(cluster);
  expect(await produce(connect(ports[leader - 1]), 'a')).toBe('NONE');
  const startMs = performance.now();
  await cluster.stopBroker(leader, { isAbrupt: true });
  expect(partition(cluster)).toMatchObject({ leader, endOffset: null });
  await until(() => partition(cluster).leader !== leader);
  expect(performance.now() - startMs).toBeGreaterThan(140);
  expect(values(cluster)).toEqual(['a']);
});

test('what only the old leader had is taken back when it comes again', async () => {
  const { cluster, ports } = await start({ dataDir: directory, replicaLagMaxMs: 60_000 });
  cluster.createTopic({ name: 't', replicationFactor: 2 });
  const { leader, replicas } = partition(cluster);
  const follower = replicas.find((id) => id !== leader) as number;
  expect(await produce(connect(ports[leader - 1]), 'everywhere')).toBe('NONE');
  cluster.pauseReplication(follower, true);
  // Confirmed by the leader alone: Kafka loses that, too.
  expect(await produce(connect(ports[leader - 1]), 'only here', { acks: 1 })).toBe('NONE');
  expect(await produce(connect(ports[leader - 1]), 'only here too', { timeoutMs: 50 })).toBe('REQUEST_TIMED_OUT');
  await cluster.stopBroker(leader);
  cluster.pauseReplication(follower, false);
  expect(await produce(connect(ports[follower - 1]), 'instead')).toBe('NONE');
  await cluster.startBroker(leader);
  await until(() => partition(cluster).isr.length === 2);
  await cluster.stopBroker(follower);
  expect(values(cluster)).toEqual(['everywhere', 'instead']);
});

test('a follower that falls behind is out of sync; min.insync.replicas decides what that means', async () => {
  const { cluster, ports } = await start({ replicaLagMaxMs: 100 });
  cluster.createTopic({ name: 't', replicationFactor: 2, settings: { 'min.insync.replicas': '2' } });
  const { leader, replicas } = partition(cluster);
  const follower = replicas.find((id) => id !== leader) as number;
  const client = connect(ports[leader - 1]);
  expect(await produce(client, 'a')).toBe('NONE');
  cluster.pauseReplication(follower, true);
  // It is appended, and confirmed by too few in the end.
  expect(await produce(client, 'b')).toBe('NOT_ENOUGH_REPLICAS_AFTER_APPEND');
  expect(partition(cluster).isr).toEqual([leader]);
  expect(await produce(client, 'c')).toBe('NOT_ENOUGH_REPLICAS');
  expect(await produce(client, 'd', { acks: 1 })).toBe('NONE');
  cluster.pauseReplication(follower, false);
  await until(() => partition(cluster).isr.length === 2);
  expect(await produce(client, 'e')).toBe('NONE');
  expect(values(cluster)).toEqual(['a', 'b', 'd', 'e']);
});

test('without anybody in sync nobody leads, unless an unclean leader is allowed', async () => {
  const { cluster, ports } = await start({ replicaLagMaxMs: 60, dataDir: directory });
  cluster.createTopic({ name: 't', replicationFactor: 2 });
  const { leader, replicas } = partition(cluster);
  const follower = replicas.find((id) => id !== leader) as number;
  await cluster.stopBroker(follower);
  expect(await produce(connect(ports[leader - 1]), 'only here')).toBe('NONE');
  await cluster.stopBroker(leader);
  await cluster.startBroker(follower);
  expect(partition(cluster)).toMatchObject({ leader: -1, isr: [leader] });
  const { topics } = await connect(ports[follower - 1]).send(apis.metadata, 9, { topics: [{ name: 't' }] });
  expect(nameOf(topics[0]?.partitions[0]?.errorCode)).toBe('LEADER_NOT_AVAILABLE');
  await cluster.startBroker(leader);
  await until(() => partition(cluster).isr.length === 2);
  expect(values(cluster)).toEqual(['only here']);
});

test('a group goes on with another coordinator when its own stops', async () => {
  const { cluster, ports } = await start({ dataDir: directory, groupMinSessionTimeoutMs: 500 });
  cluster.createTopic({ name: 't', partitions: 3, replicationFactor: 3 });
  const kafka = new Kafka({
    brokers: ports.map((port) => `127.0.0.1:${port}`),
    logLevel: logLevel.NOTHING,
    retry: { initialRetryTime: 20, maxRetryTime: 100, retries: 50 },
  });
  const producer = kafka.producer();
  const consumer = kafka.consumer({ groupId: 'g', maxWaitTimeInMs: 50, heartbeatInterval: 50, sessionTimeout: 1000 });
  await producer.connect();
  await consumer.connect();
  ends.push(
    () => consumer.disconnect(),
    () => producer.disconnect(),
  );
  await consumer.subscribe({ topic: 't', fromBeginning: true });
  const found: string[] = [];
  await consumer.run({ eachMessage: async ({ message }) => void found.push(String(message.value)) });
  const send = async (from: number): Promise<void> => {
    for (let i = from; i < from + 30; i += 1)
      await producer.send({ topic: 't', acks: -1, messages: [{ key: `k${i}`, value: `v${i}` }] });
  };
  await send(0);
  await until(() => new Set(found).size === 30);
  const coordinator = cluster.admin
    .partitions()
    .find(({ topic, bytes }) => topic === '__consumer_offsets' && (bytes ?? 0) > 0)?.leader as number;
  await cluster.stopBroker(coordinator);
  await send(30);
  await until(() => new Set(found).size === 60);
  expect(cluster.admin.groups().find(({ id }) => id === 'g')).toMatchObject({ state: 'Stable' });
}, 60_000);

test('a producer takes over the transaction that another one has left open, and the brokers live on', async () => {
  const { cluster, ports } = await start({ defaultReplicationFactor: 3 });
  cluster.createTopic({ name: 't', replicationFactor: 3 });
  const kafka = new Kafka({ brokers: ports.map((port) => `127.0.0.1:${port}`), logLevel: logLevel.NOTHING });
  const producer = async () => {
    const made = kafka.producer({ transactionalId: 'orders', idempotent: true, maxInFlightRequests: 1 });
    ends.push(() => made.disconnect());
    await made.connect();
    return made;
  };
  const left = await (await producer()).transaction();
  await left.send({ topic: 't', messages: [{ value: 'never seen' }] });
  const next = await (await producer()).transaction();
  await next.send({ topic: 't', messages: [{ value: 'seen' }] });
  await next.commit();
  await expect(left.commit()).rejects.toMatchObject({ type: 'INVALID_PRODUCER_EPOCH' });
  const consumer = kafka.consumer({ groupId: 'readers', maxWaitTimeInMs: 50 });
  ends.push(() => consumer.disconnect());
  await consumer.connect();
  await consumer.subscribe({ topic: 't', fromBeginning: true });
  const seen: string[] = [];
  await consumer.run({ eachMessage: async ({ message }) => void seen.push(String(message.value)) });
  await until(() => seen.length > 0);
  expect(seen).toEqual(['seen']);
}, 30_000);

test('clients that come to another listener are told the addresses of that', async () => {
  const { cluster } = await start();
  const port = await cluster.addListener(1, 'proxied', { advertised: { host: 'proxy.example', port: 1111 } });
  await cluster.addListener(2, 'proxied', { advertised: { host: 'proxy.example', port: 2222 } });
  const { brokers } = await connect(port).send(apis.metadata, 9, { topics: [] });
  expect(brokers.map(({ nodeId, host, port: told }) => [nodeId, host, told])).toEqual([
    [1, 'proxy.example', 1111],
    [2, 'proxy.example', 2222],
  ]);
  await cluster.removeListener(1, 'proxied');
  const client = new KafkaClient(port);
  await expect(client.send(apis.apiVersions, 0, {})).rejects.toThrow('ECONNREFUSED');
});

test('figures are exact: what went in and out, how far groups are, and how old what waits is', async () => {
  const nowMs = Date.now();
  const { cluster, ports } = await start({ now: () => nowMs });
  cluster.createTopic({
    name: 't',
    partitions: 2,
    replicationFactor: 2,
    settings: { 'message.timestamp.type': 'LogAppendTime' },
  });
  const { leader } = partition(cluster);
  const client = connect(ports[leader - 1]);
  for (const value of ['a', 'b', 'c']) await produce(client, value);
  const fetched = await client.send(apis.fetch, 11, {
    maxWaitMs: 0,
    minBytes: 0,
    isolationLevel: 0,
    sessionId: 0,
    rackId: '',
    topics: [{ topic: 't', partitions: [{ partition: 0, fetchOffset: 1, partitionMaxBytes: 100_000 }] }],
  });
  const bytes = fetched.responses[0]?.partitions[0]?.records?.length as number;
  const status = partition(cluster);
  expect(status).toMatchObject({
    messagesIn: 3,
    messagesOut: 2,
    bytesOut: bytes,
    startOffset: 0,
    endOffset: 3,
    oldestAtMs: nowMs,
  });
  expect(status.bytesIn).toBe(status.bytes);
  const { coordinators } = await client.send(apis.findCoordinator, 4, { keyType: 0, coordinatorKeys: ['g'] });
  await connect(coordinators[0]?.port).send(apis.offsetCommit, 8, {
    groupId: 'g',
    memberId: '',
    topics: [{ name: 't', partitions: [{ partitionIndex: 0, committedOffset: 1, committedMetadata: '' }] }],
  });
  expect(cluster.admin.groups()).toMatchObject([
    {
      id: 'g',
      state: 'Empty',
      lag: 2,
      offsets: [{ topic: 't', partition: 0, committedOffset: 1, lag: 2, oldestUnreadAtMs: nowMs }],
    },
  ]);
  // They are the partition's, whoever leads it.
  await cluster.stopBroker(leader);
  expect(partition(cluster)).toMatchObject({ messagesIn: 3, messagesOut: 2 });
});

test('all brokers together find their topics, groups and records again', async () => {
  const first = await start({ dataDir: directory });
  first.cluster.createTopic({ name: 't', partitions: 2, replicationFactor: 2, settings: { 'retention.ms': '77000' } });
  const { leader } = partition(first.cluster);
  const client = connect(first.ports[leader - 1]);
  for (const value of ['a', 'b']) await produce(client, value);
  await first.cluster.close();
  const { cluster } = await start({ dataDir: directory });
  expect(cluster.recovered).toEqual({ topics: 1, cutOffBytes: 0 });
  await until(() => partition(cluster).isr.length === 2);
  expect(values(cluster)).toEqual(['a', 'b']);
  expect(partition(cluster)).toMatchObject({ leader, highWatermark: 2 });
});

test('ids go up from the first that is given, which may be 0, and such a broker leads, coordinates and comes back', async () => {
  const { cluster, ports } = await start({ firstBrokerId: 0, dataDir: directory });
  expect(cluster.running).toEqual([0, 1, 2]);
  const kafka = new Kafka({ brokers: ports.map((port) => `127.0.0.1:${port}`), logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  ends.push(() => admin.disconnect());
  const { brokers, controller } = await admin.describeCluster();
  expect(brokers.map(({ nodeId }) => nodeId).sort()).toEqual([0, 1, 2]);
  expect(controller).toBe(0);
  const replicaAssignment = [{ partition: 0, replicas: [0, 1] }];
  await admin.createTopics({ topics: [{ topic: 't', replicaAssignment }], waitForLeaders: true });
  expect(partition(cluster)).toMatchObject({ leader: 0, replicas: [0, 1] });
  // One group for each partition of the internal topic, so each broker coordinates some.
  const client = connect(ports[0]);
  const coordinatorKeys = Array.from({ length: 20 }, (_, n) => `group-${n}`);
  const { coordinators } = await client.send(apis.findCoordinator, 4, { keyType: 0, coordinatorKeys });
  expect(new Set(coordinators.map(({ nodeId }) => nodeId))).toEqual(new Set([0, 1, 2]));
  await cluster.stopBroker(0);
  await until(() => partition(cluster).leader === 1);
  expect(await produce(connect(ports[1]), 'a')).toBe('NONE');
  await cluster.startBroker(0);
  await until(() => partition(cluster).isr.includes(0));
  await cluster.stopBroker(1);
  await until(() => partition(cluster).leader === 0);
  expect(values(cluster)).toEqual(['a']);
});

test('a member that has no time for a rebalance gets what it is assigned all the same', async () => {
  const { cluster, ports } = await start();
  cluster.createTopic({ name: 't', partitions: 2 });
  const kafka = new Kafka({ brokers: [`127.0.0.1:${ports[0]}`], logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: 'hurried', rebalanceTimeout: 0, maxWaitTimeInMs: 20 });
  const requests: string[] = [];
  consumer.on(consumer.events.REQUEST, ({ payload }) => requests.push(payload.apiName));
  const joined = new Promise<number[]>((resolve) => {
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => resolve(payload.memberAssignment.t ?? []));
  });
  await consumer.connect();
  ends.push(() => consumer.disconnect());
  await consumer.subscribe({ topic: 't' });
  await consumer.run({ eachMessage: async () => {} });
  expect((await joined).sort()).toEqual([0, 1]);
  // The first JoinGroup is told the id of the member.
  expect(requests.filter((name) => name === 'JoinGroup')).toHaveLength(2);
  expect(requests.filter((name) => name === 'SyncGroup')).toHaveLength(1);
});
