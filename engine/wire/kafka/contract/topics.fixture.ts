import { expect } from 'vitest';
import { apis } from '../protocol/apis.ts';
import { batch, code, type Part } from './conversation.fixture.ts';

/** Topics, partitions, configurations and metadata. */
export const topics: Part = (contract) => {
  contract('topics are made and deleted, and refused where they cannot be', async ({ client, topic, produce }) => {
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

  contract('replicas are given by hand, for each partition from 0 on', async ({ client, topic }) => {
    const make = async (assigned: [number, number[]][], name = topic) => {
      const { topics: made } = await client.send(apis.createTopics, 7, {
        timeoutMs: 5000,
        validateOnly: false,
        topics: [
          {
            name,
            numPartitions: -1,
            replicationFactor: -1,
            assignments: assigned.map(([partitionIndex, brokerIds]) => ({ partitionIndex, brokerIds })),
            configs: [],
          },
        ],
      });
      return made[0]?.errorCode;
    };
    for (const assigned of [
      [[1, [1]]],
      [
        [0, [1]],
        [0, [1]],
      ],
      [
        [0, [1]],
        [2, [1]],
      ],
      [[0, []]],
      [[0, [1, 1]]],
    ] as const)
      expect(await make(assigned as unknown as [number, number[]][])).toBe(code('INVALID_REPLICA_ASSIGNMENT'));
    expect(
      await make(
        [
          [1, [1]],
          [0, [1]],
        ],
        `${topic}.a_b`,
      ),
    ).toBe(0);
    // They would have one name among Kafka's metrics.
    expect(await make([[0, [1]]], `${topic}_a.b`)).toBe(code('INVALID_TOPIC_EXCEPTION'));
  });

  contract(
    'partitions are moved to where they may be, and such moves are listed',
    async ({ client, topic, create }) => {
      await create();
      const move = async (replicas: number[] | null, name = topic, partitionIndex = 0) => {
        const { errorCode, responses } = await client.send(apis.alterPartitionReassignments, 1, {
          topics: [{ name, partitions: [{ partitionIndex, replicas }] }],
        });
        expect(errorCode).toBe(0);
        return responses[0]?.partitions[0]?.errorCode;
      };
      expect(await move([1])).toBe(0);
      expect(await move(null)).toBe(code('NO_REASSIGNMENT_IN_PROGRESS'));
      expect(await move([1], 'nowhere')).toBe(code('UNKNOWN_TOPIC_OR_PARTITION'));
      expect(await move([1], topic, 7)).toBe(code('UNKNOWN_TOPIC_OR_PARTITION'));
      for (const replicas of [[], [1, 1], [7]]) expect(await move(replicas)).toBe(code('INVALID_REPLICA_ASSIGNMENT'));
      for (const topics of [
        null,
        [{ name: topic, partitionIndexes: [0, 9] }],
        [{ name: 'nowhere', partitionIndexes: [0] }],
      ])
        expect(await client.send(apis.listPartitionReassignments, 0, { topics })).toMatchObject({
          errorCode: 0,
          topics: [],
        });
    },
  );

  contract('values of settings are read as they are written', async ({ client, topic }) => {
    const check = async (name: string, value: string) => {
      const { topics: made } = await client.send(apis.createTopics, 7, {
        timeoutMs: 5000,
        validateOnly: true,
        topics: [{ name: topic, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [{ name, value }] }],
      });
      return made[0]?.errorCode;
    };
    for (const [name, value] of [
      ['cleanup.policy', ''],
      ['cleanup.policy', ' compact, delete'],
      ['retention.ms', '9223372036854775807'],
      ['unclean.leader.election.enable', 'TRUE'],
      ['min.cleanable.dirty.ratio', '.5'],
      ['min.cleanable.dirty.ratio', '1e-1'],
    ] as const)
      expect([name, value, await check(name, value)]).toEqual([name, value, 0]);
    for (const [name, value] of [
      ['cleanup.policy', 'compact,keep'],
      ['retention.ms', '9223372036854775808'],
      ['retention.ms', '1.5'],
      ['unclean.leader.election.enable', 'yes'],
      ['min.cleanable.dirty.ratio', '1.5'],
    ] as const)
      expect([name, value, await check(name, value)]).toEqual([name, value, code('INVALID_CONFIG')]);
  });

  contract(
    'partitions are added, and records deleted up to an offset',
    async ({ client, topic, create, produce, fetchFrom }) => {
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
    },
  );

  contract('of a topic that is only compacted no records are deleted', async ({ client, topic, create, produce }) => {
    await create({ 'cleanup.policy': 'compact' });
    await produce(batch(['a']));
    const { topics: answers } = await client.send(apis.deleteRecords, 2, {
      topics: [{ name: topic, partitions: [{ partitionIndex: 0, offset: 1 }] }],
      timeoutMs: 5000,
    });
    expect(answers[0]?.partitions).toMatchObject([{ errorCode: code('POLICY_VIOLATION') }]);
  });

  contract('configurations are described and altered', async ({ client, topic, create }) => {
    await create({ 'retention.ms': '5000' });
    const describeTopic = async (keys: string[] | null, includeSynonyms = false) => {
      const { results } = await client.send(apis.describeConfigs, 4, {
        resources: [{ resourceType: 2, resourceName: topic, configurationKeys: keys }],
        includeSynonyms,
        includeDocumentation: false,
      });
      expect(results).toMatchObject([{ errorCode: 0, errorMessage: '' }]);
      return new Map(results[0]?.configs.map(({ name, ...rest }) => [name, rest]));
    };
    const before = await describeTopic(['retention.ms', 'cleanup.policy']);
    expect(before.get('retention.ms')).toMatchObject({ value: '5000', configSource: 1, configType: 5 });
    expect(before.get('cleanup.policy')).toMatchObject({ value: 'delete', configSource: 5, configType: 7 });
    expect(before.get('retention.ms')?.synonyms).toEqual([]);
    const everyName = [...(await describeTopic(null)).keys()].sort();
    expect(everyName).toContain('segment.ms');
    expect([...(await describeTopic([])).keys()].sort()).toEqual(everyName);
    const more = await describeTopic(['retention.ms', 'cleanup.policy', 'max.message.bytes', 'flush.ms'], true);
    expect([...more].map(([name, { synonyms }]) => [name, synonyms]).sort()).toEqual([
      ['cleanup.policy', [{ name: 'log.cleanup.policy', value: 'delete', source: 5 }]],
      ['flush.ms', []],
      ['max.message.bytes', [{ name: 'message.max.bytes', value: '1048588', source: 5 }]],
      ['retention.ms', [{ name: 'retention.ms', value: '5000', source: 1 }]],
    ]);
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

  contract('a setting is given once, and with a value', async ({ client, topic, create }) => {
    await create();
    const resources = (...values: (string | null)[]) => [
      { resourceType: 2, resourceName: topic, configs: values.map((value) => ({ name: 'retention.ms', value })) },
    ];
    for (const values of [['1', '2'], [null]]) {
      const whole = await client.send(apis.alterConfigs, 2, { resources: resources(...values), validateOnly: false });
      const part = await client.send(apis.incrementalAlterConfigs, 1, {
        resources: resources(...values).map(({ configs, ...resource }) => ({
          ...resource,
          configs: configs.map((config) => ({ ...config, configOperation: 0 })),
        })),
        validateOnly: false,
      });
      for (const { responses } of [whole, part])
        expect(responses).toMatchObject([{ errorCode: code('INVALID_REQUEST') }]);
    }
  });

  contract('configurations of topics that cannot be, and of brokers', async ({ client }) => {
    const { results } = await client.send(apis.describeConfigs, 4, {
      resources: [
        { resourceType: 2, resourceName: 'nowhere', configurationKeys: null },
        { resourceType: 2, resourceName: 'no where', configurationKeys: null },
        {
          resourceType: 4,
          resourceName: '1',
          configurationKeys: ['broker.id', 'group.max.session.timeout.ms', 'log.cleanup.policy', 'delete.topic.enable'],
        },
      ],
      includeSynonyms: false,
      includeDocumentation: false,
    });
    expect(results.map(({ errorCode }) => errorCode)).toEqual([
      code('UNKNOWN_TOPIC_OR_PARTITION'),
      code('INVALID_TOPIC_EXCEPTION'),
      0,
    ]);
    const told = results[2]?.configs.map(({ name, value, configSource }) => [name, value, configSource]);
    expect(told?.sort()).toEqual([
      ['broker.id', '1', 4],
      ['delete.topic.enable', 'true', 5],
      ['group.max.session.timeout.ms', '1800000', 5],
      ['log.cleanup.policy', 'delete', 5],
    ]);
    const alter = async (configs: { name: string; value: string }[], resourceName = '1') => {
      const { responses } = await client.send(apis.alterConfigs, 2, {
        resources: [{ resourceType: 4, resourceName, configs }],
        validateOnly: false,
      });
      return responses[0]?.errorCode;
    };
    expect(await alter([])).toBe(0);
    // It is no setting of brokers, and does nothing.
    expect(await alter([{ name: 'cleanup.policy', value: 'compact' }])).toBe(0);
    expect(await alter([{ name: 'num.partitions', value: '4' }])).toBe(code('INVALID_REQUEST'));
    expect(await alter([], '7')).toBe(code('INVALID_REQUEST'));
  });

  contract('metadata: all, some, and topics that come into being', async ({ port, client, topic, create }) => {
    await create({}, 2);
    const ask = (names: string[] | null, allowAutoTopicCreation = false) =>
      client.send(apis.metadata, 9, {
        topics: names?.map((name) => ({ name })) ?? null,
        allowAutoTopicCreation,
      });
    const one = await ask([topic]);
    expect(one.brokers).toMatchObject([{ nodeId: 1, host: '127.0.0.1', port: port }]);
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
};
