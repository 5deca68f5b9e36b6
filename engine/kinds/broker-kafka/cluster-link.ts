import { KafkaClient } from '../../wire/kafka/client.ts';
import type { Api } from '../../wire/kafka/protocol/api.ts';
import type { Fields, Read, Written } from '../../wire/kafka/protocol/fields.ts';
import { apiVersions } from '../../wire/kafka/protocol/tables/api-versions.ts';
import { metadata } from '../../wire/kafka/protocol/tables/metadata.ts';

export interface BrokerAddress {
  host: string;
  port: number;
}

export interface SeenPartition {
  topic: string;
  topicId: string;
  partition: number;
  /** Null: nobody leads it now. */
  leader: BrokerAddress | null;
  leaderEpoch: number;
  /** How many brokers keep a copy of it, or should. */
  replicas: number;
}

/** The engine's own way to a cluster: one connection to each broker that is kept, and made anew when it is gone. */
export interface ClusterLink {
  /** Whether the first broker answers. Never throws. */
  healthy(timeoutMs: number): Promise<boolean>;
  /** Rejects when there is no answer within a second. Without an address, whichever broker answers. */
  ask<Q extends Fields, S extends Fields>(
    api: Api<Q, S>,
    version: number,
    request: Written<Q>,
    of?: BrokerAddress,
  ): Promise<Read<S>>;
  /** Which brokers there are, and who leads the partitions of these topics. Topics that are not there are left out. */
  look(topics: readonly string[]): Promise<{ brokers: BrokerAddress[]; partitions: SeenPartition[] }>;
}

const ANSWER_MS = 1000;
/** With ids of topics. */
const METADATA_VERSION = 12;

/** Ending the signal closes it. */
export function createClusterLink(first: readonly BrokerAddress[], signal: AbortSignal): ClusterLink {
  const kept = new Map<string, KafkaClient>();
  signal.addEventListener(
    'abort',
    () => {
      for (const client of kept.values()) client.close();
    },
    { once: true },
  );
  let known: readonly BrokerAddress[] = first;

  const clientOf = ({ host, port }: BrokerAddress): KafkaClient => {
    const key = `${host}:${port}`;
    const there = kept.get(key);
    if (there && !there.socket.destroyed) return there;
    if (signal.aborted) throw new Error('the topology has stopped');
    const client = new KafkaClient(port, host);
    client.socket.unref();
    kept.set(key, client);
    return client;
  };

  const within = async <Answer>(client: KafkaClient, answer: Promise<Answer>, timeoutMs: number): Promise<Answer> => {
    const timer = setTimeout(() => client.close(), timeoutMs);
    try {
      return await answer;
    } catch (error) {
      client.close();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  };

  const ask: ClusterLink['ask'] = async (api, version, request, of) => {
    const addresses = of ? [of] : [...known, ...first];
    for (const [index, address] of addresses.entries())
      try {
        const client = clientOf(address);
        return await within(client, client.send(api, version, request), ANSWER_MS);
      } catch (error) {
        if (index === addresses.length - 1) throw error;
      }
    throw new Error('the cluster has no broker');
  };

  return {
    ask,
    async healthy(timeoutMs) {
      try {
        const client = clientOf(first[0] as BrokerAddress);
        await within(client, client.send(apiVersions, 0, {}), timeoutMs);
        return true;
      } catch {
        return false;
      }
    },
    async look(topics) {
      const { brokers, topics: seen } = await ask(metadata, METADATA_VERSION, {
        topics: topics.map((name) => ({ name })),
        allowAutoTopicCreation: false,
      });
      const addressOf = new Map(brokers.map(({ nodeId, host, port }) => [nodeId, { host, port }]));
      known = [...addressOf.values()];
      return {
        brokers: [...addressOf.values()],
        partitions: seen.flatMap(({ name, topicId, errorCode, partitions }) =>
          name === null || errorCode !== 0
            ? []
            : partitions.map(({ partitionIndex, leaderId, leaderEpoch, replicaNodes }) => ({
                ...{ topic: name, topicId, partition: partitionIndex, leaderEpoch, replicas: replicaNodes.length },
                leader: addressOf.get(leaderId) ?? null,
              })),
        ),
      };
    },
  };
}

/** Asks once, over a connection of its own. Never throws. */
export async function answersApiVersions(address: BrokerAddress, timeoutMs: number): Promise<boolean> {
  const over = new AbortController();
  try {
    return await createClusterLink([address], over.signal).healthy(timeoutMs);
  } finally {
    over.abort();
  }
}
