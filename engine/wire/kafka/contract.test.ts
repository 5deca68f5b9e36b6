import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { frameOf, RawClient } from './client.fixture.ts';
import { SHORTEST_SESSION_MS, type Subject, subjects } from './contract.fixture.ts';
import type { Api } from './protocol/api.ts';
import { apis } from './protocol/apis.ts';
import { type ErrorName, errorCodes } from './protocol/errors.ts';
import { Reader } from './protocol/reader.ts';
import { batchesIn } from './records/batch.ts';
import { batchOf, recordsOf } from './records/record.ts';

/* What the broker answers to bare requests, held against Apache Kafka too where there is one: both must say the same. */

const code = (error: ErrorName): number => errorCodes[error];
const T0 = Date.now() - 60_000;

/** A batch of values, as a producer sends it. */
const batch = (values: readonly (string | null)[], more: Parameters<typeof batchOf>[2] = {}, timestamp = T0): Buffer =>
  batchOf(
    values.map((value, i) => ({ key: Buffer.from(`k${i}`), value: value === null ? null : Buffer.from(value) })),
    timestamp,
    more,
  );

describe.each(subjects)('%s', (_, start, missing) => {
  let subject: Subject;
  let client: RawClient;
  let topic: string;
  let topics = 0;

  beforeAll(async () => {
    if (missing !== null) return;
    subject = await start();
    client = new RawClient(subject.port);
  }, 60_000);
  beforeEach(() => {
    topics += 1;
    topic = `topic-${topics}`;
  });
  afterAll(async () => {
    client?.close();
    await subject?.stop();
  });

  const contract = (name: string, work: () => Promise<void>): void =>
    test(name, async ({ skip }) => {
      if (missing !== null) skip(missing);
      await work();
    });

  /** Until the topic has a leader, which Apache Kafka takes a moment for. */
  async function create(configs: Record<string, string> = {}, numPartitions = 1): Promise<string> {
    const { topics: made } = await client.send(apis.createTopics, 7, {
      timeoutMs: 10_000,
      validateOnly: false,
      topics: [
        {
          name: topic,
          numPartitions,
          replicationFactor: 1,
          assignments: [],
          configs: Object.entries(configs).map(([name, value]) => ({ name, value })),
        },
      ],
    });
    expect(made[0]).toMatchObject({ errorCode: 0 });
    for (;;) {
      const partitions = Array.from({ length: numPartitions }, (__, i) => i);
      const { topics: answers } = await client.send(apis.listOffsets, 5, {
        replicaId: -1,
        topics: [{ name: topic, partitions: partitions.map((i) => ({ partitionIndex: i, timestamp: -1 })) }],
      });
      if (answers[0]?.partitions.every(({ errorCode }) => errorCode === 0)) break;
    }
    return made[0]?.topicId ?? '';
  }

  async function produce(
    records: Buffer | null,
    { acks = -1, version = 9, name = topic, index = 0, transactionalId = null as string | null } = {},
  ) {
    const { responses } = await client.send(apis.produce, version, {
      transactionalId,
      acks,
      timeoutMs: 10_000,
      topicData: [{ name, partitionData: [{ index, records }] }],
    });
    return responses[0]?.partitionResponses[0];
  }

  async function fetchFrom(
    fetchOffset: number,
    options: {
      maxWaitMs?: number;
      minBytes?: number;
      maxBytes?: number;
      isolationLevel?: number;
      epoch?: number;
      partitionMaxBytes?: number;
    } = {},
  ) {
    const { maxWaitMs = 0, minBytes = 1, maxBytes = 1_000_000, isolationLevel = 0, epoch = -1 } = options;
    const answer = await client.send(apis.fetch, 11, {
      maxWaitMs,
      minBytes,
      maxBytes,
      isolationLevel,
      sessionId: 0,
      sessionEpoch: -1,
      forgottenTopicsData: [],
      rackId: '',
      topics: [
        {
          topic,
          topicId: undefined,
          partitions: [
            {
              partition: 0,
              fetchOffset,
              currentLeaderEpoch: epoch,
              partitionMaxBytes: options.partitionMaxBytes ?? maxBytes,
            },
          ],
        },
      ],
    });
    const partition = answer.responses[0]?.partitions[0];
    const batches = [...batchesIn(partition?.records ?? Buffer.alloc(0))];
    return {
      ...partition,
      batches,
      values: batches
        .filter(({ isControl }) => !isControl)
        .flatMap((each) => [...recordsOf(each)].map(({ value }) => value?.toString() ?? null)),
    };
  }

  contract('every version of every request is answered in the form of the tables', async () => {
    const { apiKeys } = await client.send(apis.apiVersions, 3, {});
    const known = new Map(apiKeys.map((each) => [each.apiKey, each]));
    for (const each of Object.values(apis)) {
      const api = each as unknown as Api;
      const theirs = known.get(api.key);
      for (let version = api.versions[0]; version <= api.versions[1]; version += 1) {
        if (!theirs || version < theirs.minVersion || version > theirs.maxVersion) continue;
        const own = new RawClient(subject.port);
        try {
          await own.send(api, version, (api.name === 'Produce' ? { acks: 1 } : {}) as never);
        } catch (error) {
          throw new Error(`${api.name} ${version}: ${(error as Error).message}`);
        } finally {
          own.close();
        }
      }
    }
  });

  contract('a version of ApiVersions that nobody knows is answered in version 0', async () => {
    const own = new RawClient(subject.port);
    own.socket.write(
      frameOf({ ...apis.apiVersions, isFlexible: () => true, request: () => apis.apiVersions.request(3) }, 90, {}, 7),
    );
    const reader = new Reader(await own.nextFrame());
    expect(reader.int32()).toBe(7);
    const answer = apis.apiVersions.response(0).read(reader);
    expect(answer.errorCode).toBe(code('UNSUPPORTED_VERSION'));
    expect(answer.apiKeys).toMatchObject([{ apiKey: 18, minVersion: 0, maxVersion: 4 }]);
    own.close();
  });

  contract('a request of an unknown kind or version ends the connection', async () => {
    for (const api of [
      { ...apis.heartbeat, key: 999 },
      { ...apis.heartbeat, isFlexible: () => true, request: () => apis.heartbeat.request(4) },
    ]) {
      const own = new RawClient(subject.port);
      const gone = own.nextFrame();
      own.socket.write(frameOf(api, 77, { groupId: '', generationId: 1, memberId: '' }));
      await expect(gone).rejects.toThrow('the connection has ended');
    }
  });

  contract('answers come in the order of the requests', async () => {
    await create();
    const own = new RawClient(subject.port);
    const order: number[] = [];
    const waits = own
      .send(apis.fetch, 11, {
        maxWaitMs: 100,
        minBytes: 1,
        isolationLevel: 0,
        rackId: '',
        sessionId: 0,
        topics: [{ topic, partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1000 }] }],
      })
      .then(() => order.push(1));
    const quick = own.send(apis.apiVersions, 0, {}).then(() => order.push(2));
    await Promise.all([waits, quick]);
    expect(order).toEqual([1, 2]);
    own.close();
  });

  contract('what is produced is fetched, byte for byte but for offset and epoch', async () => {
    await create();
    const sent = batch(['a', 'b', null]);
    const before = Buffer.from(sent);
    expect(await produce(sent)).toMatchObject({ errorCode: 0, baseOffset: 0, logAppendTimeMs: -1, logStartOffset: 0 });
    expect(await produce(batch(['c']))).toMatchObject({ errorCode: 0, baseOffset: 3 });
    const found = await fetchFrom(0);
    expect(found).toMatchObject({ errorCode: 0, highWatermark: 4, lastStableOffset: 4, logStartOffset: 0 });
    expect(found.values).toEqual(['a', 'b', null, 'c']);
    const [first] = found.batches;
    expect(first?.bytes.subarray(16, before.length)).toEqual(before.subarray(16));
    // A batch is sent whole, also where only its end is asked for.
    expect((await fetchFrom(2)).batches[0]?.baseOffset).toBe(0);
    expect((await fetchFrom(3)).values).toEqual(['c']);
    expect((await fetchFrom(4)).values).toEqual([]);
  });

  contract('records that are none are refused', async () => {
    await create({ 'max.message.bytes': '1000' });
    const damaged = batch(['a']);
    damaged[damaged.length - 2] = 1 + (damaged.at(-2) as number);
    const old = batch(['a']);
    old[16] = 1;
    const short = batch(['a', 'b'], { count: 1 });
    for (const [records, error] of [
      [damaged, 'CORRUPT_MESSAGE'],
      [batch(['x'.repeat(1000)]), 'MESSAGE_TOO_LARGE'],
      [short, 'INVALID_RECORD'],
      [Buffer.concat([batch(['a']), batch(['b'])]), 'INVALID_RECORD'],
      [batch(['a'], {}, Date.now() + 7_200_000), 'INVALID_TIMESTAMP'],
    ] as const)
      expect([error, await produce(records)]).toMatchObject([error, { errorCode: code(error), baseOffset: -1 }]);
    expect(await produce(batch(['a']), { name: 'nowhere' })).toMatchObject({
      errorCode: code('UNKNOWN_TOPIC_OR_PARTITION'),
    });
    expect(await produce(batch(['a']), { index: 9 })).toMatchObject({ errorCode: code('UNKNOWN_TOPIC_OR_PARTITION') });
    expect(await produce(batch(['a']), { acks: 2 })).toMatchObject({ errorCode: code('INVALID_REQUIRED_ACKS') });
    expect((await fetchFrom(0)).values).toEqual([]);
  });

  contract('without acks there is no answer, and the next one is of the next request', async () => {
    await create();
    const own = new RawClient(subject.port);
    own.socket.write(
      frameOf(apis.produce, 9, {
        acks: 0,
        timeoutMs: 1000,
        topicData: [{ name: topic, partitionData: [{ index: 0, records: batch(['a']) }] }],
      }),
    );
    expect(await own.send(apis.apiVersions, 0, {})).toMatchObject({ errorCode: 0 });
    expect((await fetchFrom(0)).values).toEqual(['a']);
    own.close();
  });

  contract('an idempotent producer: duplicates are known again, gaps and old epochs are refused', async () => {
    await create();
    const { producerId, producerEpoch } = await initProducer(client, null);
    expect([producerId >= 0, producerEpoch]).toEqual([true, 0]);
    const from = (baseSequence: number, epoch = 0): Buffer =>
      batch(['a', 'b'], { producerId, producerEpoch: epoch, baseSequence });
    expect(await produce(from(0))).toMatchObject({ errorCode: 0, baseOffset: 0 });
    expect(await produce(from(2))).toMatchObject({ errorCode: 0, baseOffset: 2 });
    expect(await produce(from(0))).toMatchObject({ errorCode: 0, baseOffset: 0 });
    expect(await produce(from(2))).toMatchObject({ errorCode: 0, baseOffset: 2 });
    expect(await produce(from(7))).toMatchObject({ errorCode: code('OUT_OF_ORDER_SEQUENCE_NUMBER') });
    for (let sequence = 4; sequence < 16; sequence += 2) await produce(from(sequence));
    // Of so many it is not known any more.
    expect(await produce(from(0))).toMatchObject({ errorCode: code('OUT_OF_ORDER_SEQUENCE_NUMBER') });
    expect(await produce(from(3, 1))).toMatchObject({ errorCode: code('OUT_OF_ORDER_SEQUENCE_NUMBER') });
    expect(await produce(from(0, 1))).toMatchObject({ errorCode: 0, baseOffset: 16 });
    expect(await produce(from(16, 0))).toMatchObject({ errorCode: code('INVALID_PRODUCER_EPOCH') });
    expect((await fetchFrom(0)).values).toHaveLength(18);
  });

  contract('a fetch waits for as many bytes as it wants, and no longer than it wants', async () => {
    await create();
    let startMs = performance.now();
    expect((await fetchFrom(0, { maxWaitMs: 150 })).values).toEqual([]);
    expect(performance.now() - startMs).toBeGreaterThan(140);
    const own = new RawClient(subject.port);
    const send = (value: string) =>
      own.send(apis.produce, 9, {
        acks: -1,
        timeoutMs: 1000,
        topicData: [{ name: topic, partitionData: [{ index: 0, records: batch([value]) }] }],
      });
    startMs = performance.now();
    const waiting = fetchFrom(0, { maxWaitMs: 20_000, minBytes: 150 });
    await send('one');
    await send('two');
    await send('three');
    const { values } = await waiting;
    expect(values.length).toBeGreaterThanOrEqual(2);
    expect(performance.now() - startMs).toBeLessThan(10_000);
    own.close();
  });

  contract('no more bytes come than are asked for, but one batch always', async () => {
    await create();
    for (const value of ['a', 'b', 'c']) await produce(batch([value.repeat(1000)]));
    expect((await fetchFrom(0, { maxBytes: 1 })).batches).toHaveLength(1);
    expect((await fetchFrom(1, { maxBytes: 2200 })).batches).toHaveLength(2);
    expect((await fetchFrom(0, { partitionMaxBytes: 1 })).batches).toHaveLength(1);
    expect((await fetchFrom(0)).batches).toHaveLength(3);
  });

  contract('offsets, epochs and sessions that do not exist', async () => {
    const id = await create();
    await produce(batch(['a']));
    expect(await fetchFrom(2)).toMatchObject({ errorCode: code('OFFSET_OUT_OF_RANGE') });
    expect(await fetchFrom(-5)).toMatchObject({ errorCode: code('OFFSET_OUT_OF_RANGE') });
    expect(await fetchFrom(0, { epoch: 99 })).toMatchObject({ errorCode: code('UNKNOWN_LEADER_EPOCH') });
    const ask = (topicId: string, sessionId = 0, sessionEpoch = -1) =>
      client.send(apis.fetch, 13, {
        maxWaitMs: 0,
        minBytes: 0,
        isolationLevel: 0,
        sessionId,
        sessionEpoch,
        topics: [{ topic: '', topicId, partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1000 }] }],
      });
    expect((await ask(id)).responses[0]?.partitions[0]).toMatchObject({ errorCode: 0, highWatermark: 1 });
    expect((await ask('0123456789abcdef'.repeat(2))).responses[0]?.partitions[0]).toMatchObject({
      errorCode: code('UNKNOWN_TOPIC_ID'),
    });
    expect(await ask(id, 4711, 1)).toMatchObject({ errorCode: code('FETCH_SESSION_ID_NOT_FOUND') });
  });

  contract('offsets are found by their timestamps', async () => {
    await create();
    const at = (timestamp: number) => produce(batch(['x', 'y'], {}, T0 + timestamp));
    for (const timestamp of [100, 300, 200]) await at(timestamp);
    const find = async (timestamp: number) => {
      const { topics: answers } = await client.send(apis.listOffsets, 7, {
        replicaId: -1,
        isolationLevel: 0,
        topics: [{ name: topic, partitions: [{ partitionIndex: 0, timestamp }] }],
      });
      const { offset, timestamp: found, errorCode } = answers[0]?.partitions[0] ?? {};
      return [errorCode, offset, found === -1 ? -1 : (found as number) - T0];
    };
    expect(await find(-1)).toEqual([0, 6, -1]);
    expect(await find(-2)).toEqual([0, 0, -1]);
    expect(await find(-3)).toEqual([0, 2, 300]);
    expect(await find(T0)).toEqual([0, 0, 100]);
    expect(await find(T0 + 101)).toEqual([0, 2, 300]);
    expect(await find(T0 + 301)).toEqual([0, -1, -1]);
  });

  contract('topics are made and deleted, and refused where they cannot be', async () => {
    const make = async (
      given: {
        name?: string;
        partitions?: number;
        replicas?: number;
        configs?: [string, string][];
        brokers?: number[][];
      },
      validateOnly = false,
    ) => {
      const { topics: made } = await client.send(apis.createTopics, 7, {
        timeoutMs: 5000,
        validateOnly,
        topics: [
          {
            name: given.name ?? topic,
            numPartitions: given.partitions ?? 1,
            replicationFactor: given.replicas ?? 1,
            assignments: (given.brokers ?? []).map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds })),
            configs: (given.configs ?? []).map(([name, value]) => ({ name, value })),
          },
        ],
      });
      return made[0]?.errorCode;
    };
    expect(await make({}, true)).toBe(0);
    expect(await make({ partitions: 2, configs: [['retention.ms', '1000']] })).toBe(0);
    expect(await make({})).toBe(code('TOPIC_ALREADY_EXISTS'));
    expect(await make({ name: 'a b' })).toBe(code('INVALID_TOPIC_EXCEPTION'));
    expect(await make({ name: '' })).toBe(code('INVALID_TOPIC_EXCEPTION'));
    expect(await make({ name: 'other', partitions: 0 })).toBe(code('INVALID_PARTITIONS'));
    expect(await make({ name: 'other', replicas: 3 })).toBe(code('INVALID_REPLICATION_FACTOR'));
    expect(await make({ name: 'other', replicas: 0 })).toBe(code('INVALID_REPLICATION_FACTOR'));
    expect(await make({ name: 'other', configs: [['nonsense', '1']] })).toBe(code('INVALID_CONFIG'));
    expect(await make({ name: 'other', configs: [['cleanup.policy', 'keep']] })).toBe(code('INVALID_CONFIG'));
    expect(await make({ name: 'other', configs: [['retention.ms', 'long']] })).toBe(code('INVALID_CONFIG'));
    expect(await make({ name: 'other', partitions: -1, replicas: -1, brokers: [[7]] })).toBe(
      code('INVALID_REPLICA_ASSIGNMENT'),
    );
    const drop = async (name: string) =>
      (await client.send(apis.deleteTopics, 5, { topicNames: [name], timeoutMs: 5000 })).responses[0]?.errorCode;
    expect(await drop(topic)).toBe(0);
    expect(await drop(topic)).toBe(code('UNKNOWN_TOPIC_OR_PARTITION'));
    expect(await produce(batch(['a']))).toMatchObject({ errorCode: code('UNKNOWN_TOPIC_OR_PARTITION') });
  });

  contract('partitions are added, and records deleted up to an offset', async () => {
    await create();
    const add = async (count: number, name = topic) =>
      (
        await client.send(apis.createPartitions, 3, {
          topics: [{ name, count, assignments: null }],
          timeoutMs: 5000,
          validateOnly: false,
        })
      ).results[0]?.errorCode;
    expect(await add(1)).toBe(code('INVALID_PARTITIONS'));
    expect(await add(3)).toBe(0);
    expect(await add(2)).toBe(code('INVALID_PARTITIONS'));
    expect(await add(2, 'nowhere')).toBe(code('UNKNOWN_TOPIC_OR_PARTITION'));
    await produce(batch(['a', 'b', 'c']));
    const remove = async (offset: number) => {
      const answer = await client.send(apis.deleteRecords, 2, {
        topics: [{ name: topic, partitions: [{ partitionIndex: 0, offset }] }],
        timeoutMs: 5000,
      });
      const { errorCode, lowWatermark } = answer.topics[0]?.partitions[0] ?? {};
      return [errorCode, lowWatermark];
    };
    expect(await remove(9)).toEqual([code('OFFSET_OUT_OF_RANGE'), -1]);
    expect(await remove(2)).toEqual([0, 2]);
    expect(await fetchFrom(1)).toMatchObject({ errorCode: code('OFFSET_OUT_OF_RANGE') });
    expect(await fetchFrom(2)).toMatchObject({ errorCode: 0, logStartOffset: 2 });
    expect(await remove(-1)).toEqual([0, 3]);
  });

  contract('configurations are described and altered', async () => {
    await create({ 'retention.ms': '5000' });
    const describeTopic = async (keys: string[] | null) => {
      const { results } = await client.send(apis.describeConfigs, 4, {
        resources: [{ resourceType: 2, resourceName: topic, configurationKeys: keys }],
        includeSynonyms: false,
        includeDocumentation: false,
      });
      return new Map(results[0]?.configs.map(({ name, ...rest }) => [name, rest]));
    };
    const before = await describeTopic(['retention.ms', 'cleanup.policy']);
    expect(before.get('retention.ms')).toMatchObject({ value: '5000', configSource: 1, configType: 5 });
    expect(before.get('cleanup.policy')).toMatchObject({ value: 'delete', configSource: 5, configType: 7 });
    const change = async (name: string, configOperation: number, value: string | null) =>
      (
        await client.send(apis.incrementalAlterConfigs, 1, {
          resources: [{ resourceType: 2, resourceName: topic, configs: [{ name, configOperation, value }] }],
          validateOnly: false,
        })
      ).responses[0]?.errorCode;
    expect(await change('cleanup.policy', 2, 'compact')).toBe(0);
    expect(await change('retention.ms', 1, null)).toBe(0);
    expect(await change('retention.ms', 2, '7')).toBe(code('INVALID_CONFIG'));
    expect(await change('segment.bytes', 0, '-1')).toBe(code('INVALID_CONFIG'));
    const settled = async (): Promise<Awaited<ReturnType<typeof describeTopic>>> => {
      const after = await describeTopic(null);
      return after.get('cleanup.policy')?.value === 'delete,compact' ? after : settled();
    };
    expect((await settled()).get('retention.ms')).toMatchObject({ value: '604800000' });
  });

  contract('metadata: all, some, and topics that come into being', async () => {
    await create({}, 2);
    const ask = (names: string[] | null, allowAutoTopicCreation = false) =>
      client.send(apis.metadata, 9, {
        topics: names?.map((name) => ({ name })) ?? null,
        allowAutoTopicCreation,
      });
    const one = await ask([topic]);
    expect(one.brokers).toMatchObject([{ nodeId: 1, host: '127.0.0.1', port: subject.port }]);
    expect(one.topics[0]).toMatchObject({
      errorCode: 0,
      isInternal: false,
      partitions: expect.arrayContaining([
        expect.objectContaining({
          partitionIndex: 1,
          leaderId: 1,
          replicaNodes: [1],
          isrNodes: [1],
          offlineReplicas: [],
        }),
      ]),
    });
    expect((await ask(null)).topics.map(({ name }) => name)).toContain(topic);
    expect((await ask([])).topics).toEqual([]);
    expect((await ask(['nowhere'])).topics).toMatchObject([
      { errorCode: code('UNKNOWN_TOPIC_OR_PARTITION'), partitions: [] },
    ]);
    expect((await ask(['no where'])).topics).toMatchObject([{ errorCode: code('INVALID_TOPIC_EXCEPTION') }]);
    const made = async (): Promise<number> => {
      const { topics: answers } = await ask([`${topic}-auto`], true);
      return answers[0]?.errorCode === 0 ? answers[0].partitions.length : made();
    };
    expect(await made()).toBe(1);
  });

  contract('a group: members join with the id that they are given, one assigns, and all hear of changes', async () => {
    const groupId = `group-${topic}`;
    await coordinator(client, groupId);
    const [a, b] = [new RawClient(subject.port), new RawClient(subject.port)];
    const join = (own: RawClient, memberId: string, more: { sessionTimeoutMs?: number; protocols?: string[] } = {}) =>
      own.send(apis.joinGroup, 7, {
        groupId,
        sessionTimeoutMs: more.sessionTimeoutMs ?? 10_000,
        rebalanceTimeoutMs: 10_000,
        memberId,
        groupInstanceId: null,
        protocolType: 'test',
        protocols: (more.protocols ?? ['range']).map((name) => ({ name, metadata: Buffer.from(`of ${name}`) })),
      });
    const beat = async (memberId: string, generationId: number) =>
      (await client.send(apis.heartbeat, 4, { groupId, memberId, generationId })).errorCode;
    const sync = (own: RawClient, memberId: string, generationId: number, assignments: [string, string][] = []) =>
      own.send(apis.syncGroup, 5, {
        groupId,
        memberId,
        generationId,
        protocolType: 'test',
        protocolName: 'range',
        assignments: assignments.map(([id, assignment]) => ({ memberId: id, assignment: Buffer.from(assignment) })),
      });

    expect(await join(a, '', { sessionTimeoutMs: 1 })).toMatchObject({ errorCode: code('INVALID_SESSION_TIMEOUT') });
    expect(await join(a, 'nobody')).toMatchObject({ errorCode: code('UNKNOWN_MEMBER_ID') });
    const told = await join(a, '');
    expect(told).toMatchObject({ errorCode: code('MEMBER_ID_REQUIRED'), members: [] });
    expect(told.memberId).toMatch(/^raw-/);
    const first = await join(a, told.memberId);
    expect(first).toMatchObject({
      errorCode: 0,
      generationId: 1,
      protocolType: 'test',
      protocolName: 'range',
      leader: told.memberId,
      members: [{ memberId: told.memberId, metadata: Buffer.from('of range') }],
    });
    expect(await beat(told.memberId, 7)).toBe(code('ILLEGAL_GENERATION'));
    expect(await beat('nobody', 1)).toBe(code('UNKNOWN_MEMBER_ID'));
    expect(await sync(a, told.memberId, 3)).toMatchObject({ errorCode: code('ILLEGAL_GENERATION') });
    const synced = await sync(a, told.memberId, 1, [[told.memberId, 'everything']]);
    expect(synced).toMatchObject({ errorCode: 0, protocolName: 'range', assignment: Buffer.from('everything') });
    expect(await beat(told.memberId, 1)).toBe(0);

    expect(await join(b, '', { protocols: ['other'] })).toMatchObject({
      errorCode: code('INCONSISTENT_GROUP_PROTOCOL'),
    });
    const second = await join(b, '');
    const joining = join(b, second.memberId);
    for (let error = 0; error !== code('REBALANCE_IN_PROGRESS'); ) error = await beat(told.memberId, 1);
    const [one, two] = await Promise.all([join(a, told.memberId), joining]);
    expect([one.generationId, two.generationId, two.leader]).toEqual([2, 2, told.memberId]);
    expect(one.members.map(({ memberId }) => memberId).sort()).toEqual([told.memberId, second.memberId].sort());
    expect(two.members).toEqual([]);
    const [parts, other] = await Promise.all([
      sync(a, told.memberId, 2, [
        [told.memberId, 'mine'],
        [second.memberId, 'yours'],
      ]),
      sync(b, second.memberId, 2),
    ]);
    expect([parts.assignment.toString(), other.assignment.toString()]).toEqual(['mine', 'yours']);

    const { groups } = await client.send(apis.describeGroups, 5, { groups: [groupId] });
    expect(groups[0]).toMatchObject({
      errorCode: 0,
      groupState: 'Stable',
      protocolType: 'test',
      protocolData: 'range',
    });
    expect(groups[0]?.members).toHaveLength(2);
    expect(groups[0]?.members[0]).toMatchObject({ clientId: 'raw', clientHost: '/127.0.0.1' });
    expect((await client.send(apis.deleteGroups, 2, { groupsNames: [groupId] })).results).toMatchObject([
      { errorCode: code('NON_EMPTY_GROUP') },
    ]);

    const leave = async (memberId: string) =>
      (await client.send(apis.leaveGroup, 4, { groupId, members: [{ memberId, groupInstanceId: null }] })).members;
    expect(await leave('nobody')).toMatchObject([{ errorCode: code('UNKNOWN_MEMBER_ID') }]);
    expect(await leave(second.memberId)).toMatchObject([{ errorCode: 0 }]);
    expect(await beat(told.memberId, 2)).toBe(code('REBALANCE_IN_PROGRESS'));
    expect(await leave(told.memberId)).toMatchObject([{ errorCode: 0 }]);
    expect((await client.send(apis.describeGroups, 5, { groups: [groupId] })).groups[0]?.groupState).toBe('Empty');
    expect((await client.send(apis.deleteGroups, 2, { groupsNames: [groupId, 'nowhere'] })).results).toMatchObject([
      { errorCode: 0 },
      { errorCode: code('GROUP_ID_NOT_FOUND') },
    ]);
    a.close();
    b.close();
  });

  contract('a static member comes back under a new id, and nobody has to join again', async () => {
    const groupId = `group-${topic}`;
    await coordinator(client, groupId);
    const join = () =>
      client.send(apis.joinGroup, 7, {
        groupId,
        sessionTimeoutMs: 10_000,
        rebalanceTimeoutMs: 10_000,
        memberId: '',
        groupInstanceId: 'instance',
        protocolType: 'test',
        protocols: [{ name: 'range', metadata: Buffer.from('m') }],
      });
    const first = await join();
    expect(first).toMatchObject({ errorCode: 0, generationId: 1 });
    const sync = (memberId: string) =>
      client.send(apis.syncGroup, 5, {
        groupId,
        memberId,
        groupInstanceId: 'instance',
        generationId: 1,
        protocolType: 'test',
        protocolName: 'range',
        assignments: [{ memberId, assignment: Buffer.from('all') }],
      });
    expect(await sync(first.memberId)).toMatchObject({ errorCode: 0 });
    const again = await join();
    expect(again).toMatchObject({ errorCode: 0, generationId: 1, members: [] });
    expect(again.memberId).not.toBe(first.memberId);
    expect((await sync(again.memberId)).assignment.toString()).toBe('all');
    expect(
      await client.send(apis.heartbeat, 4, {
        groupId,
        memberId: first.memberId,
        generationId: 1,
        groupInstanceId: 'instance',
      }),
    ).toMatchObject({ errorCode: code('FENCED_INSTANCE_ID') });
    expect(
      (await client.send(apis.leaveGroup, 4, { groupId, members: [{ memberId: '', groupInstanceId: 'instance' }] }))
        .members,
    ).toMatchObject([{ errorCode: 0 }]);
  });

  contract('a member that is not heard of for its session is out', async () => {
    const groupId = `group-${topic}`;
    await coordinator(client, groupId);
    const { errorCode, memberId } = await client.send(apis.joinGroup, 3, {
      groupId,
      sessionTimeoutMs: SHORTEST_SESSION_MS,
      rebalanceTimeoutMs: 6000,
      memberId: '',
      protocolType: 'test',
      protocols: [{ name: 'range', metadata: Buffer.from('m') }],
    });
    // Before version 4 nobody is asked to join twice.
    expect(errorCode).toBe(0);
    await client.send(apis.syncGroup, 3, { groupId, memberId, generationId: 1, assignments: [] });
    const fromMs = performance.now();
    let state = 'Stable';
    while (state === 'Stable') {
      await new Promise((resolve) => setTimeout(resolve, 20));
      state = (await client.send(apis.describeGroups, 5, { groups: [groupId] })).groups[0]?.groupState ?? '';
    }
    expect(state).toBe('Empty');
    expect(performance.now() - fromMs).toBeGreaterThan(SHORTEST_SESSION_MS - 100);
  });

  contract('offsets are kept for a group, and for whoever is in none', async () => {
    await create({}, 2);
    const groupId = `group-${topic}`;
    await coordinator(client, groupId);
    const commit = async (given: {
      memberId?: string;
      generation?: number;
      index?: number;
      offset?: number;
      metadata?: string | null;
    }) =>
      (
        await client.send(apis.offsetCommit, 8, {
          groupId,
          generationIdOrMemberEpoch: given.generation ?? -1,
          memberId: given.memberId ?? '',
          topics: [
            {
              name: topic,
              partitions: [
                {
                  partitionIndex: given.index ?? 0,
                  committedOffset: given.offset ?? 5,
                  committedMetadata: given.metadata === undefined ? 'note' : given.metadata,
                },
              ],
            },
          ],
        })
      ).topics[0]?.partitions[0]?.errorCode;
    expect(await commit({ generation: 3, memberId: 'nobody' })).toBe(code('ILLEGAL_GENERATION'));
    expect(await commit({})).toBe(0);
    expect(await commit({ index: 1, offset: 7, metadata: null })).toBe(0);
    expect(await commit({ index: 9 })).toBe(code('UNKNOWN_TOPIC_OR_PARTITION'));
    expect(await commit({ metadata: 'x'.repeat(5000) })).toBe(code('OFFSET_METADATA_TOO_LARGE'));
    const { groups } = await client.send(apis.offsetFetch, 8, {
      groups: [
        { groupId, topics: [{ name: topic, partitionIndexes: [0, 1, 2] }] },
        { groupId: 'nowhere', topics: null },
      ],
      requireStable: true,
    });
    expect(groups[0]?.topics[0]?.partitions).toMatchObject([
      { committedOffset: 5, metadata: 'note', errorCode: 0 },
      { committedOffset: 7, metadata: '', errorCode: 0 },
      { committedOffset: -1, errorCode: 0 },
    ]);
    expect(groups[1]).toMatchObject({ errorCode: 0, topics: [] });
    const all = await client.send(apis.offsetFetch, 5, { groupId, topics: null });
    expect(all.topics[0]?.partitions).toHaveLength(2);
    const removed = await client.send(apis.offsetDelete, 0, {
      groupId,
      topics: [{ name: topic, partitions: [{ partitionIndex: 0 }] }],
    });
    expect(removed).toMatchObject({ errorCode: 0, topics: [{ partitions: [{ errorCode: 0 }] }] });
    expect((await client.send(apis.offsetFetch, 5, { groupId, topics: null })).topics[0]?.partitions).toMatchObject([
      { partitionIndex: 1 },
    ]);
  });

  contract('a transaction is seen when it commits, and never where it is taken back', async () => {
    await create();
    const transactionalId = `transactions-${topic}`;
    await coordinator(client, transactionalId, 1);
    const init = () => initProducer(client, transactionalId);
    const { producerId, producerEpoch, errorCode } = await init();
    expect([errorCode, producerEpoch]).toEqual([0, 0]);
    const add = async (epoch = producerEpoch, name = topic) =>
      (
        await client.send(apis.addPartitionsToTxn, 3, {
          v3AndBelowTransactionalId: transactionalId,
          v3AndBelowProducerId: producerId,
          v3AndBelowProducerEpoch: epoch,
          v3AndBelowTopics: [{ name, partitions: [0] }],
        })
      ).resultsByTopicV3AndBelow[0]?.resultsByPartition[0]?.partitionErrorCode;
    const begin = async (): Promise<void> => {
      for (let error: number | undefined = -1; error !== 0; ) {
        error = await add();
        expect([0, code('CONCURRENT_TRANSACTIONS')]).toContain(error);
      }
    };
    let sequence = 0;
    const send = (value: string) => {
      const records = batch([value], {
        producerId,
        producerEpoch,
        baseSequence: sequence,
        attributes: { isTransactional: true },
      });
      sequence += 1;
      return produce(records, { transactionalId });
    };
    const end = async (committed: boolean, epoch = producerEpoch) =>
      (await client.send(apis.endTxn, 3, { transactionalId, producerId, producerEpoch: epoch, committed })).errorCode;
    const settled = async (): Promise<Awaited<ReturnType<typeof fetchFrom>>> => {
      const found = await fetchFrom(0, { isolationLevel: 1 });
      return found.lastStableOffset === found.highWatermark ? found : settled();
    };

    expect(await add(producerEpoch, 'nowhere')).toBe(code('UNKNOWN_TOPIC_OR_PARTITION'));
    expect(await end(true)).toBe(code('INVALID_TXN_STATE'));
    await begin();
    expect(await send('a')).toMatchObject({ errorCode: 0, baseOffset: 0 });
    expect(await fetchFrom(0, { isolationLevel: 1 })).toMatchObject({
      values: [],
      highWatermark: 1,
      lastStableOffset: 0,
    });
    expect((await fetchFrom(0)).values).toEqual(['a']);
    expect(await end(true)).toBe(0);
    expect(await settled()).toMatchObject({ values: ['a'], highWatermark: 2, abortedTransactions: [] });
    await begin();
    expect(await send('b')).toMatchObject({ errorCode: 0, baseOffset: 2 });
    expect(await end(false)).toBe(0);
    expect(await settled()).toMatchObject({
      values: ['a', 'b'],
      highWatermark: 4,
      abortedTransactions: [{ producerId, firstOffset: 2 }],
    });
    const next = await init();
    expect([next.errorCode, next.producerId, next.producerEpoch]).toEqual([0, producerId, 1]);
    expect(await add()).toBe(code('PRODUCER_FENCED'));
    expect(await end(true)).toBe(code('PRODUCER_FENCED'));
  });
});

const LATER = [
  'COORDINATOR_LOAD_IN_PROGRESS',
  'COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR',
  'CONCURRENT_TRANSACTIONS',
] as const;
const isForLater = (errorCode: number | undefined): boolean => LATER.some((error) => code(error) === errorCode);

/** Until the coordinator of the group or transactional id is ready, which Apache Kafka takes a moment for. */
async function coordinator(client: RawClient, key: string, keyType = 0): Promise<void> {
  for (;;) {
    const { coordinators } = await client.send(apis.findCoordinator, 4, { keyType, coordinatorKeys: [key] });
    const [found] = coordinators;
    if (isForLater(found?.errorCode)) continue;
    expect(found).toMatchObject({ key, errorCode: 0, nodeId: 1, host: '127.0.0.1' });
    if (keyType !== 0) return;
    const { groups } = await client.send(apis.describeGroups, 5, { groups: [key] });
    if (!isForLater(groups[0]?.errorCode)) return;
  }
}

async function initProducer(client: RawClient, transactionalId: string | null) {
  for (;;) {
    const answer = await client.send(apis.initProducerId, 4, { transactionalId, transactionTimeoutMs: 60_000 });
    if (!isForLater(answer.errorCode)) return answer;
  }
}
