import { murmur2, Producer } from '@platformatic/kafka';
import type { WiredEdge } from '../../protocol.ts';
import { type OutgoingMessage, PublishFailure } from '../client.ts';
import { goByLink, optionsOf } from './address.ts';
import { failureToConnect, failureToSend, isElsewhere } from './failure.ts';
import { toRecord } from './record.ts';

/** Between two looks for who leads a partition now. */
const LOOK_AGAIN_MS = 50;

const acksOf = { all: -1, leader: 1, none: 0 } as const;

export interface Publisher {
  publish(message: OutgoingMessage): Promise<string>;
  close(): Promise<void>;
}

/** Over one connection to each broker that leads something. */
export function createPublisher(edge: WiredEdge, clientId: string): Publisher {
  const producer = new Producer<Buffer, Buffer, Buffer, Buffer>({
    ...optionsOf(edge, clientId),
    // Whoever publishes says how often it is sent.
    retries: 0,
    timeout: edge.config.timeoutMs,
    // Nobody waits for longer: what comes later is of no use.
    requestTimeout: Math.max(1000, 2 * edge.config.timeoutMs),
  });
  goByLink(producer, edge);
  let turn = 0;

  /** As Kafka's own clients do: by the hash of the key, and without one by turns. */
  const partitionOf = (key: string, count: number): number =>
    (key === '' ? turn++ : murmur2(Buffer.from(key)) & 0x7fff_ffff) % count;

  /** Resolves when there is a connection to the leader. Nothing is sent before that. */
  const findLeader = async (topic: string, partition: number | null, key: string, isNew: boolean) => {
    const metadata = await producer.metadata({ topics: [topic], forceUpdate: isNew, retries: 0 });
    const seen = metadata.topics.get(topic);
    if (!seen) throw new Error(`there is no topic ${topic}`);
    const chosen = partition ?? partitionOf(key, seen.partitionsCount);
    const { leader, leaderEpoch } = seen.partitions[chosen] as { leader: number; leaderEpoch: number };
    if ((await producer.connectToBrokers([leader])).size === 0) throw new Error(`nobody leads ${topic} ${chosen}`);
    return { partition: chosen, place: `${seen.id.replaceAll('-', '')}/${leaderEpoch}/${chosen}` };
  };

  const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));

  const publish = async (message: OutgoingMessage): Promise<string> => {
    const { destination, key, signal } = message;
    const topic = destination.name;
    let isNew = false;
    let partition: number | null = null;
    for (;;) {
      let found: Awaited<ReturnType<typeof findLeader>>;
      try {
        found = await findLeader(topic, partition, key, isNew);
      } catch (error) {
        // Another broker may lead it in a moment; where there is one only, nobody can.
        isNew = true;
        if (edge.ports.length === 1 || signal.aborted) throw failureToConnect(error, edge);
        await pause();
        continue;
      }
      if (signal.aborted) throw new PublishFailure(true, 'timeout', edge.id, 'no connection in time');
      partition = found.partition;
      try {
        const acks = acksOf[destination.confirmedBy ?? 'all'];
        const { offsets } = await producer.send({ acks, messages: [{ topic, partition, ...toRecord(message) }] });
        const offset = offsets?.[0]?.offset;
        return offset === undefined ? '' : `${found.place}/${offset}`;
      } catch (error) {
        isNew = true;
        producer.clearMetadata();
        if (!isElsewhere(error)) throw failureToSend(error, edge);
        if (signal.aborted) throw new PublishFailure(true, 'timeout', edge.id, 'nobody leads its partition');
        await pause();
      }
    }
  };

  return {
    publish,
    close: async () => {
      await producer.close();
    },
  };
}
