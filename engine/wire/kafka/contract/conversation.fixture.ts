import { expect } from 'vitest';
import type { KafkaClient } from '../client.ts';
import { apis } from '../protocol/apis.ts';
import { type ErrorName, errorCodes } from '../protocol/errors.ts';
import { batchesIn } from '../records/batch.ts';
import { batchOf, recordsOf } from '../records/record.ts';

/** What a broker must do, each under its name. */
export type Part = (contract: (name: string, work: (conversation: Conversation) => Promise<void>) => void) => void;

/** With a broker, about a topic of its own. */
export type Conversation = ReturnType<typeof converse>;

export const code = (error: ErrorName): number => errorCodes[error];
export const T0 = Date.now() - 60_000;

/** A batch of values, as a producer sends it. */
export const batch = (
  values: readonly (string | null)[],
  more: Parameters<typeof batchOf>[2] = {},
  timestamp = T0,
): Buffer =>
  batchOf(
    values.map((value, i) => ({ key: Buffer.from(`k${i}`), value: value === null ? null : Buffer.from(value) })),
    timestamp,
    more,
  );

export function converse({ client, port, topic }: { client: KafkaClient; port: number; topic: string }) {
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

  return { client, port, topic, create, produce, fetchFrom };
}

const LATER = [
  'COORDINATOR_LOAD_IN_PROGRESS',
  'COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR',
  'CONCURRENT_TRANSACTIONS',
] as const;
export const isForLater = (errorCode: number | undefined): boolean => LATER.some((error) => code(error) === errorCode);

/** Until the coordinator of the group or transactional id is ready, which Apache Kafka takes a moment for. */
export async function coordinator(client: KafkaClient, key: string, keyType = 0): Promise<void> {
  for (;;) {
    const { coordinators } = await client.send(apis.findCoordinator, 4, { keyType, coordinatorKeys: [key] });
    const [found] = coordinators;
    if (isForLater(found?.errorCode)) continue;
    expect(found).toMatchObject({ key, errorCode: 0, errorMessage: '', nodeId: 1, host: '127.0.0.1' });
    const old = await client.send(apis.findCoordinator, 2, { keyType, key });
    expect(old).toMatchObject({ errorCode: 0, errorMessage: 'NONE', nodeId: 1, host: '127.0.0.1' });
    if (keyType !== 0) return;
    const { groups } = await client.send(apis.describeGroups, 5, { groups: [key] });
    if (!isForLater(groups[0]?.errorCode)) return;
  }
}

export async function initProducer(client: KafkaClient, transactionalId: string | null) {
  for (;;) {
    const answer = await client.send(apis.initProducerId, 4, { transactionalId, transactionTimeoutMs: 60_000 });
    if (!isForLater(answer.errorCode)) return answer;
  }
}
