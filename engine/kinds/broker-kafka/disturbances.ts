import type { KafkaCluster } from '../../wire/kafka/server.ts';
import { createIntruders } from './intruder.ts';

/** Of one partition, as the cluster has it now. */
export interface Leadership {
  /** Id of a broker; -1: nobody leads. */
  leader: number;
  isr: readonly number[];
  /** Ids of the brokers that run. */
  running: readonly number[];
}

interface Partition {
  topic: string;
  partition: number;
}

/** What faults do to the embedded cluster, by name. */
export function createDisturbances(
  cluster: KafkaCluster,
  port: () => number,
): Record<string, (payload: never) => unknown> {
  const leadership = ({ topic, partition }: Partition): Leadership => {
    const partitions = cluster.admin.partitions().filter(({ isInternal }) => !isInternal);
    // Without a topic it is the first one that there is.
    const name = topic === '' ? partitions[0]?.topic : topic;
    const found = partitions.find((each) => each.topic === name && each.partition === partition);
    if (!found) throw new Error(`there is no partition ${partition} of topic "${name ?? topic}"`);
    return { leader: found.leader, isr: found.isr, running: cluster.running };
  };

  return {
    leadership,
    /** As if its process were killed, and the others noticed. */
    async 'end-broker'({ broker }: { broker: number }) {
      await cluster.stopBroker(broker, { isAbrupt: true });
      return null;
    },
    async 'start-broker'({ broker }: { broker: number }) {
      await cluster.startBroker(broker);
      return null;
    },
    ...createIntruders(port),
  };
}
