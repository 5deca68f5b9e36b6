import type { NewTopic } from '../../wire/kafka/cluster/controller.ts';
import type { TopicSettings } from '../../wire/kafka/cluster/topic-config.ts';
import type { KafkaBrokerConfig } from './config.ts';

/** Files in which a topic with a limit is kept: what is beyond it goes file by file. */
const FILES = 4;
/** Apache Kafka takes no smaller one. */
const LEAST_SEGMENT_BYTES = 1024 * 1024;
const LEAST_SEGMENT_MS = 1000;

/** The topics of a config, under Kafka's names. */
export const topicsOf = ({ topics, server, url }: KafkaBrokerConfig): NewTopic[] =>
  topics.map(({ name, partitions, replicationFactor, minInSyncReplicas, retentionMs, retentionBytes, compaction }) => {
    const least = server === 'embedded' && url === undefined ? 1000 : LEAST_SEGMENT_BYTES;
    const policies = [
      compaction && 'compact',
      (!compaction || retentionMs !== null || retentionBytes !== null) && 'delete',
    ];
    const settings: TopicSettings = {
      'cleanup.policy': policies.filter(Boolean).join(','),
      'min.insync.replicas': String(minInSyncReplicas),
      ...(retentionMs !== null && {
        'retention.ms': String(retentionMs),
        'segment.ms': String(Math.max(LEAST_SEGMENT_MS, Math.round(retentionMs / FILES))),
      }),
      ...(retentionBytes !== null && {
        'retention.bytes': String(retentionBytes),
        'segment.bytes': String(Math.max(least, Math.round(retentionBytes / FILES))),
      }),
      // Only files that are full are compacted.
      ...(compaction && { 'segment.bytes': String(LEAST_SEGMENT_BYTES), 'segment.ms': String(LEAST_SEGMENT_MS) }),
    };
    return { name, partitions, replicationFactor, settings };
  });
