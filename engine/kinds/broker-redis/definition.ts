import { z } from 'zod';
import type { Destination } from '../../model/broker.ts';
import { brokerMeasures } from '../broker-measures.ts';
import { defineKind } from '../define-kind.ts';
import { ourProgram } from '../fault-lists.ts';
import { redisServerFields } from '../redis-fields.ts';
import { checkRedisBroker } from './check.ts';

/** BullMQ puts colons between the parts of its keys. */
const nameSchema = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\s:{}]+$/, 'must hold no space, ":" or brace')
  .meta({ title: 'Name' });

export const redisBrokerDefinition = defineKind({
  kind: 'broker-redis',
  title: 'Redis broker',
  help: 'Queues of BullMQ, streams with consumer groups and channels, on a Redis: its own server, a redis-server of this computer, or yours by URL.',
  family: 'messaging',
  config: z.strictObject({
    ...redisServerFields,
    queues: z
      .array(z.strictObject({ name: nameSchema }))
      .max(100)
      .default([])
      .meta({
        title: 'Queues',
        description: 'Queues of BullMQ: each job goes to one worker, is retried, delayed, has a priority.',
      }),
    streams: z
      .array(
        z.strictObject({
          name: nameSchema,
          maxLength: z.number().int().min(1).max(10_000_000).nullable().default(null).meta({
            title: 'Max length',
            description: 'The oldest entries go beyond it, whether they were read or not. Empty: all stay.',
          }),
        }),
      )
      .max(100)
      .default([])
      .meta({
        title: 'Streams',
        description: 'Logs of messages: each group of consumers gets all of them, and they stay.',
      }),
    channels: z
      .array(z.strictObject({ name: nameSchema }))
      .max(100)
      .default([])
      .meta({
        title: 'Channels',
        description: 'Publish and subscribe: who listens at the moment gets the message, and nothing is kept.',
      }),
    persistence: z.enum(['append-only', 'none']).default('append-only').meta({
      title: 'Persistence',
      description:
        'Append-only: every change is written to a file, and read again at the start. None: what the process holds goes with it. Not for your own server.',
    }),
    fsync: z.enum(['always', 'everysec', 'no']).default('everysec').meta({
      title: 'Written to the disk',
      description:
        'Always: before it is confirmed. Everysec: once a second, so a machine that fails loses a second at most, and a process that ends nothing. No: when the system likes.',
    }),
    maxMemoryMb: z.number().min(0.1).max(65_536).nullable().default(null).meta({
      title: 'Max memory (MB)',
      description: 'Messages are refused beyond it. Empty: no limit. Not for your own server.',
    }),
  }),
  defaults: { queues: [{ name: 'jobs' }] },
  accepts: 'redis-messages',
  calls: [],
  destinations: ({ queues, streams, channels }): Destination[] => [
    ...queues.map(
      ({ name }): Destination => ({
        ...{ name, pattern: 'queue', maxLength: null, setsAside: true },
        ...{ acks: ['after', 'before'], takes: ['priority', 'delay'] },
      }),
    ),
    ...streams.map(
      ({ name, maxLength }): Destination => ({
        ...{ name, pattern: 'log', maxLength, setsAside: false },
        ...{ acks: ['after', 'before', 'none'], takes: [] },
      }),
    ),
    ...channels.map(
      ({ name }): Destination => ({
        ...{ name, pattern: 'channel', maxLength: null, setsAside: false },
        ...{ acks: ['none'], takes: [] },
      }),
    ),
  ],
  applyConfig: 'restart',
  program: ({ url, server }) => (url !== undefined ? 'remote' : server === 'redis-server' ? 'foreign' : 'ours'),
  faults: [...ourProgram, 'broker-outage', 'slow-broker', 'queue-full', 'slow-disk', 'disk-full'],
  measures: brokerMeasures,
  fidelity: {
    real: [
      'a process of its own, the protocol and the append-only file of Redis',
      'BullMQ and ioredis in publishers and consumers',
      'redis-server itself, where the node uses one',
    ],
    modelled: [
      'what is in a message, but for its size and its parameters',
      'the time to live of a message, which its consumer keeps: Redis has none',
    ],
  },
  check: ({ config }) => checkRedisBroker(config),
});
