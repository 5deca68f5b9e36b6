import type { BrokerContext } from '../cluster/context.ts';
import type { TopicMetadata } from '../cluster/metadata.ts';
import { KafkaError } from '../protocol/errors.ts';
import type { Replica } from '../replication/replica.ts';

/** The replica of a partition that this broker leads. Fails where it does not. */
export function findLed(broker: BrokerContext, topic: TopicMetadata | undefined, index: number): Replica {
  if (!topic?.partitions[index]) throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION');
  const replica = broker.replicas.get(topic, index);
  if (!replica?.isLeader) throw new KafkaError('NOT_LEADER_OR_FOLLOWER');
  return replica;
}

/** Fails where the client has another leader in mind than this one. -1: it has none in mind. */
export function checkLeaderEpoch(replica: Replica, epoch: number): void {
  if (epoch < 0 || epoch === replica.leaderEpoch) return;
  throw new KafkaError(epoch < replica.leaderEpoch ? 'FENCED_LEADER_EPOCH' : 'UNKNOWN_LEADER_EPOCH');
}
