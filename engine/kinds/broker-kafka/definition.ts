import { z } from 'zod';
import type { Destination } from '../../model/broker.ts';
import { brokerMeasures } from '../broker-measures.ts';
import { defineKind } from '../define-kind.ts';
import { ourProgram } from '../fault-lists.ts';
import { checkKafkaBroker } from './check.ts';

const topicSchema = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(200)
    .regex(/^[a-zA-Z0-9._-]*[a-zA-Z0-9_-][a-zA-Z0-9._-]*$/, 'must be of letters, digits, ".", "_" and "-"')
    .meta({ title: 'Name' }),
  partitions: z.number().int().min(1).max(64).default(3).meta({
    title: 'Partitions',
    description:
      'Each is a log by itself and is read by one consumer of a group. The key of a message says which it goes to.',
  }),
  replicationFactor: z.number().int().min(1).max(5).default(1).meta({
    title: 'Replication',
    description: 'How many brokers keep a copy of each partition.',
  }),
  minInSyncReplicas: z.number().int().min(1).max(5).default(1).meta({
    title: 'In sync at least',
    description: 'With fewer copies that have everything, messages that wait for all of them are refused.',
  }),
  acks: z.enum(['all', 'leader', 'none']).default('all').meta({
    title: 'Confirmed by',
    description:
      'Of publishers. All: every copy in sync has the message (acks=all). Leader: its leader has it, and may lose it with its end (acks=1). None: it was sent, and nobody answers (acks=0).',
  }),
  retentionMs: z.number().int().min(100).max(31_536_000_000).nullable().default(null).meta({
    title: 'Retention (ms)',
    description: 'Older messages go, whether they were read or not. Empty: seven days.',
  }),
  retentionBytes: z.number().int().min(1000).max(1_000_000_000_000).nullable().default(null).meta({
    title: 'Retention (bytes)',
    description: 'The oldest messages of a partition that is larger go. Empty: no limit.',
  }),
  compaction: z.boolean().default(false).meta({
    title: 'Compaction',
    description: 'Of each key only the newest message stays.',
  }),
});

export const kafkaBrokerDefinition = defineKind({
  kind: 'broker-kafka',
  title: 'Kafka broker',
  help: 'Topics with partitions, consumer groups and replicas, on a Kafka: its own server, an Apache Kafka of this computer, or yours by URL.',
  family: 'messaging',
  config: z.strictObject({
    server: z.enum(['embedded', 'apache-kafka']).default('embedded').meta({
      title: 'Server',
      description:
        'Embedded: the server that comes with Archipel. Apache Kafka: the one that is installed on this computer, named by ARCHIPEL_KAFKA_HOME or KAFKA_HOME or found on PATH, with its Java.',
    }),
    url: z
      .string()
      .regex(/^kafka:\/\/[^\s/:@]+:\d{1,5}$/, 'must be of the form kafka://host:9092')
      .optional()
      .meta({
        title: 'URL of your own cluster',
        description: 'Of one of its brokers. Empty: Archipel starts one. Faults never act on your own cluster.',
      }),
    brokers: z.number().int().min(1).max(5).default(1).meta({
      title: 'Brokers',
      description: 'Of one cluster, in one process of the embedded server, each with a port of its own.',
    }),
    topics: z.array(topicSchema).max(100).default([]).meta({
      title: 'Topics',
      description: 'Logs of messages: each group of consumers gets all of them, and they stay.',
    }),
    persistence: z.enum(['segments', 'none']).default('segments').meta({
      title: 'Persistence',
      description:
        'Segments: messages are in files, and there again after the next start. None: what the process holds goes with it. Only of the embedded server.',
    }),
    fsync: z.enum(['always', 'everysec', 'never']).default('never').meta({
      title: 'Written to the disk',
      description:
        'Always: before it is confirmed. Everysec: once a second. Never: when the system likes, as Kafka does it, so that it outlives the process, but maybe not the machine. Not for your own cluster.',
    }),
  }),
  defaults: { topics: [{ name: 'events' }] },
  accepts: 'kafka',
  calls: [],
  destinations: ({ topics }): Destination[] =>
    topics.map(({ name, acks }) => ({
      ...{ name, pattern: 'log', maxLength: null, setsAside: false, takes: [] },
      ...{ acks: ['after', 'before', 'none'], confirmedBy: acks },
    })),
  doors: ({ brokers }) => brokers,
  applyConfig: 'restart',
  program: ({ url, server }) => (url !== undefined ? 'remote' : server === 'apache-kafka' ? 'foreign' : 'ours'),
  faults: [
    ...ourProgram,
    'broker-outage',
    'slow-broker',
    'slow-disk',
    'disk-full',
    'partition-leader-loss',
    'rebalance-storm',
  ],
  measures: brokerMeasures.filter(({ id }) => id !== 'usedBytes' && id !== 'unacked'),
  fidelity: {
    real: [
      'a process of its own, the protocol of Kafka, its files, its groups and its partitions',
      '@platformatic/kafka in publishers and consumers',
      'Apache Kafka itself, where the node uses one',
    ],
    modelled: [
      'what is in a message, but for its size, its key and its parameters',
      'the time to live of a message, its attempts and its dead letters, which its consumer keeps: Kafka has none of them',
      'brokers of one cluster are in one process, and their controller cannot fail by itself',
    ],
  },
  check: ({ config }) => checkKafkaBroker(config),
});
