import { Admin, Consumer, type Message, Producer, stringDeserializers, stringSerializers } from '@platformatic/kafka';
import { CompressionTypes, Kafka, type Consumer as KafkajsConsumer, logLevel } from 'kafkajs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Subject, subjects } from './contract/subjects.fixture.ts';

/** A consumer of kafkajs does nothing else while it waits for records. */
const impatient = { maxWaitTimeInMs: 50 };

/* Stock clients connect unchanged, and find what they find with Apache Kafka. */

describe.each(subjects)('%s', (_, start, missing) => {
  let subject: Subject;
  let kafka: Kafka;
  let topics = 0;
  let ends: (() => unknown)[] = [];

  beforeAll(async () => {
    if (missing !== null) return;
    subject = await start();
    kafka = new Kafka({ brokers: [`127.0.0.1:${subject.port}`], logLevel: logLevel.NOTHING });
  }, 60_000);
  afterEach(async () => {
    for (const end of ends.reverse()) await end();
    ends = [];
  });
  afterAll(() => subject?.stop());

  const contract = (name: string, work: () => Promise<void>): void =>
    test(name, async ({ skip }) => {
      if (missing !== null) skip(missing);
      await work();
    });

  const newTopic = async (numPartitions: number): Promise<string> => {
    topics += 1;
    const topic = `topic-${topics}`;
    const admin = kafka.admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic, numPartitions }], waitForLeaders: true });
    await admin.disconnect();
    return topic;
  };
  const common = () => ({ clientId: 'test', bootstrapBrokers: [`127.0.0.1:${subject.port}`] });

  contract('kafkajs: what is produced is consumed, with keys, headers, and every codec that it has', async () => {
    const topic = await newTopic(2);
    const producer = kafka.producer({ allowAutoTopicCreation: false });
    await producer.connect();
    ends.push(() => producer.disconnect());
    const messages = Array.from({ length: 20 }, (__, i) => ({
      key: `key ${i % 4}`,
      value: `value ${i}`,
      headers: { number: String(i) },
    }));
    await producer.send({ topic, messages: messages.slice(0, 10), acks: -1 });
    await producer.send({ topic, messages: messages.slice(10), acks: 1, compression: CompressionTypes.GZIP });
    const consumer = kafka.consumer({ ...impatient, groupId: `group-${topic}` });
    await consumer.connect();
    ends.push(() => consumer.disconnect());
    await consumer.subscribe({ topic, fromBeginning: true });
    const found: [string, string, string][] = [];
    await new Promise<void>((done, failed) => {
      consumer
        .run({
          eachMessage: async ({ message: { key, value, headers } }) => {
            found.push([String(key), String(value), String(headers?.number)]);
            if (found.length === messages.length) done();
          },
        })
        .catch(failed);
    });
    const expected = messages.map(({ key, value, headers }) => [key, value, headers.number]);
    expect([...found].sort()).toEqual([...expected].sort());
    // In order of each key.
    for (const key of ['key 0', 'key 3'])
      expect(found.filter(([each]) => each === key)).toEqual(expected.filter(([each]) => each === key));
  });

  contract('kafkajs: a second consumer takes its part, and gives it back when it goes', async () => {
    const topic = await newTopic(4);
    const groupId = `group-${topic}`;
    const assigned = new Map<string, number[]>();
    const join = async (name: string): Promise<KafkajsConsumer> => {
      const consumer = kafka.consumer({ ...impatient, groupId, heartbeatInterval: 50, sessionTimeout: 10_000 });
      consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
        assigned.set(name, payload.memberAssignment[topic] ?? []);
      });
      await consumer.connect();
      await consumer.subscribe({ topic });
      await consumer.run({ eachMessage: async () => {} });
      return consumer;
    };
    const parts = (): number[] => [...assigned.values()].map(({ length }) => length);
    const first = await join('first');
    ends.push(() => first.disconnect());
    await until(() => parts().join() === '4');
    const second = await join('second');
    await until(() => parts().join() === '2,2');
    expect([...assigned.values()].flat().sort()).toEqual([0, 1, 2, 3]);
    await second.disconnect();
    assigned.delete('second');
    await until(() => parts().join() === '4');
  });

  contract('kafkajs: a transaction, with the offsets of a group', async () => {
    const topic = await newTopic(1);
    const groupId = `group-${topic}`;
    const producer = kafka.producer({ transactionalId: `tx-${topic}`, maxInFlightRequests: 1, idempotent: true });
    await producer.connect();
    ends.push(() => producer.disconnect());
    const committed = await producer.transaction();
    await committed.send({ topic, messages: [{ value: 'kept' }] });
    await committed.sendOffsets({
      consumerGroupId: groupId,
      topics: [{ topic, partitions: [{ partition: 0, offset: '5' }] }],
    });
    await committed.commit();
    const taken = await producer.transaction();
    await taken.send({ topic, messages: [{ value: 'taken back' }] });
    await taken.sendOffsets({
      consumerGroupId: groupId,
      topics: [{ topic, partitions: [{ partition: 0, offset: '9' }] }],
    });
    await taken.abort();
    await producer.send({ topic, messages: [{ value: 'last' }] }).catch(() => {});
    const admin = kafka.admin();
    await admin.connect();
    ends.push(() => admin.disconnect());
    expect((await admin.fetchOffsets({ groupId, topics: [topic] }))[0]?.partitions).toMatchObject([{ offset: '5' }]);
    const consumer = kafka.consumer({ ...impatient, groupId: `reader-${topic}`, readUncommitted: false });
    await consumer.connect();
    ends.push(() => consumer.disconnect());
    await consumer.subscribe({ topic, fromBeginning: true });
    const found: string[] = [];
    await consumer.run({ eachMessage: async ({ message }) => void found.push(String(message.value)) });
    await until(() => found.includes('last'));
    expect(found).toEqual(['kept', 'last']);
  });

  contract('kafkajs: its admin', async () => {
    const topic = await newTopic(1);
    const admin = kafka.admin();
    await admin.connect();
    ends.push(() => admin.disconnect());
    expect(await admin.listTopics()).toContain(topic);
    expect(await admin.createTopics({ topics: [{ topic }] })).toBe(false);
    await admin.createPartitions({ topicPartitions: [{ topic, count: 3 }] });
    // Apache Kafka takes a moment to lead the new partitions.
    const offsets = async (): Promise<unknown> => admin.fetchTopicOffsets(topic).catch(offsets);
    expect(await offsets()).toHaveLength(3);
    const producer = kafka.producer();
    await producer.connect();
    ends.push(() => producer.disconnect());
    await producer.send({ topic, messages: ['a', 'b', 'c'].map((value) => ({ value, partition: 0 })) });
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '2' }] });
    expect(await offsets()).toContainEqual({ partition: 0, offset: '3', high: '3', low: '2' });
    expect((await admin.describeCluster()).brokers).toEqual([{ nodeId: 1, host: '127.0.0.1', port: subject.port }]);
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: 2, name: topic, configNames: ['cleanup.policy'] }],
    });
    expect(resources[0]?.configEntries[0]).toMatchObject({ configName: 'cleanup.policy', configValue: 'delete' });
    expect((await admin.describeGroups(['nobody'])).groups).toMatchObject([
      { groupId: 'nobody', state: 'Dead', members: [] },
    ]);
    await admin.deleteTopics({ topics: [topic] });
    expect(await admin.listTopics()).not.toContain(topic);
  });

  contract('@platformatic/kafka: what is produced is consumed, with every codec', async () => {
    const topic = await newTopic(2);
    const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
    for (const compression of codecs) {
      const producer = new Producer({
        ...common(),
        serializers: stringSerializers,
        compression,
        idempotent: compression === 'lz4',
      });
      ends.push(() => producer.close());
      const messages = Array.from({ length: 50 }, (__, i) => ({
        topic,
        key: `key ${i % 3}`,
        value: `${compression} ${i}`,
        headers: { codec: compression },
      }));
      await producer.send({ messages, acks: -1 });
    }
    const consumer = new Consumer({ ...common(), groupId: `group-${topic}`, deserializers: stringDeserializers });
    ends.push(() => consumer.close(true));
    const stream = await consumer.consume({ topics: [topic], mode: 'earliest', autocommit: true });
    const found: Message<string, string, string, string>[] = [];
    for await (const message of stream) {
      found.push(message);
      if (found.length === 50 * codecs.length) break;
    }
    for (const codec of codecs) {
      const values = found.filter(({ headers }) => headers.get('codec') === codec).map(({ value }) => value);
      expect([...values].sort()).toEqual(Array.from({ length: 50 }, (__, i) => `${codec} ${i}`).sort());
    }
  });

  contract('@platformatic/kafka: a group goes on where it was', async () => {
    const topic = await newTopic(1);
    const producer = new Producer({ ...common(), serializers: stringSerializers });
    ends.push(() => producer.close());
    await producer.send({ messages: ['a', 'b', 'c', 'd'].map((value) => ({ topic, value })), acks: -1 });
    const take = async (count: number): Promise<string[]> => {
      const consumer = new Consumer({ ...common(), groupId: `group-${topic}`, deserializers: stringDeserializers });
      try {
        const stream = await consumer.consume({
          topics: [topic],
          mode: 'committed',
          fallbackMode: 'earliest',
          autocommit: false,
        });
        const values: string[] = [];
        for await (const message of stream) {
          values.push(message.value);
          await message.commit();
          if (values.length === count) break;
        }
        return values;
      } finally {
        await consumer.close(true);
      }
    };
    expect(await take(2)).toEqual(['a', 'b']);
    expect(await take(2)).toEqual(['c', 'd']);
  });

  contract('@platformatic/kafka: its admin', async () => {
    const topic = `admin-${await newTopic(1)}`;
    const admin = new Admin(common());
    ends.push(() => admin.close());
    const [made] = await admin.createTopics({ topics: [topic], partitions: 2, replicas: 1 });
    expect(made).toMatchObject({ name: topic, partitions: 2, replicas: 1 });
    expect(await admin.listTopics()).toContain(topic);
    const { topics: described } = await admin.metadata({ topics: [topic] });
    expect(described.get(topic)?.partitions).toHaveLength(2);
    await admin.deleteTopics({ topics: [topic] });
    expect(await admin.listTopics()).not.toContain(topic);
  });
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}
