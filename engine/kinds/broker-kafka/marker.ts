import { KafkaClient } from '../../wire/kafka/client.ts';
import { errorCodes } from '../../wire/kafka/protocol/errors.ts';
import { produce } from '../../wire/kafka/protocol/tables/produce.ts';
import { batchOf } from '../../wire/kafka/records/record.ts';
import type { KafkaCluster } from '../../wire/kafka/server.ts';

const CONFIRM_MS = 5000;
let markers = 0;

/** Publishes a record to a topic that is there for this alone: whether it was taken, and after how many milliseconds. */
export async function writeMarker(
  cluster: KafkaCluster,
  ports: readonly number[],
): Promise<{ isTaken: boolean; durationMs: number }> {
  markers += 1;
  const name = `archipel-marker-${process.pid}-${markers}`;
  cluster.createTopic({ name, partitions: 1, replicationFactor: 1 });
  const leader = cluster.admin.partitions().find(({ topic }) => topic === name)?.leader ?? 1;
  const client = new KafkaClient(ports[leader - 1] as number);
  try {
    const fromMs = performance.now();
    const { responses } = await client.send(produce, 9, {
      ...{ acks: 1, timeoutMs: CONFIRM_MS },
      topicData: [
        {
          name,
          partitionData: [{ index: 0, records: batchOf([{ key: null, value: Buffer.from('here') }], Date.now()) }],
        },
      ],
    });
    const isTaken = responses[0]?.partitionResponses[0]?.errorCode === errorCodes.NONE;
    return { isTaken, durationMs: performance.now() - fromMs };
  } finally {
    client.close();
    cluster.deleteTopic(name);
  }
}
