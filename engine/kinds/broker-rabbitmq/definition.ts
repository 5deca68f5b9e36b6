import { z } from 'zod';
import { brokerMeasures } from '../broker-measures.ts';
import { defineKind } from '../define-kind.ts';
import { ourProgram } from '../fault-lists.ts';
import { checkRabbitBroker } from './check.ts';
import { rabbitDestinations } from './destinations.ts';

/** Names that begin with "amq." are RabbitMQ's own. */
const nameSchema = z
  .string()
  .min(1)
  .max(100)
  .regex(/^(?!amq\.|archipel\.)[^\s{}]+$/, 'must hold no space or brace, and not begin with "amq." or "archipel."')
  .meta({ title: 'Name' });

const durable = z.boolean().default(true).meta({
  title: 'Durable',
  description: 'It outlives a restart of the broker. Of its messages only those that are persistent do.',
});
const persistent = z.boolean().default(true).meta({
  title: 'Persistent messages',
  description: 'What is published to it is written to the disk, where its queue is durable, before it is confirmed.',
});

const queueSchema = z.strictObject({
  name: nameSchema,
  type: z.enum(['classic', 'quorum']).default('classic').meta({
    title: 'Type',
    description:
      'Classic: says only whether a message was delivered before. Quorum: counts how often. The embedded server keeps one copy of each.',
  }),
  durable,
  persistent,
  maxPriority: z.number().int().min(1).max(255).nullable().default(null).meta({
    title: 'Max priority',
    description: 'So many priorities it tells apart; those of messages count from 1, which comes first. Empty: none.',
  }),
  messageTtlMs: z.number().int().min(1).max(86_400_000).nullable().default(null).meta({
    title: 'Time to live',
    description: 'Messages that have waited so long expire, as soon as they are the first. Empty: they never do.',
  }),
  maxLength: z.number().int().min(1).max(10_000_000).nullable().default(null).meta({
    title: 'Max length',
    description: 'Messages that may wait in it. Empty: any number.',
  }),
  overflow: z.enum(['drop-head', 'reject-publish']).default('drop-head').meta({
    title: 'When it is full',
    description: 'Drop-head: the oldest goes. Reject-publish: the new one is refused, with the reason "queue-full".',
  }),
  deadLetter: nameSchema.nullable().default(null).meta({
    title: 'Dead letters',
    description:
      'Another queue, where the broker puts what a consumer rejects, what expires, and what has no room. Empty: those are dropped.',
  }),
  singleActiveConsumer: z.boolean().default(false).meta({
    title: 'Single active consumer',
    description: 'One process gets all messages, in their order; another one takes over when it ends.',
  }),
});

const exchangeSchema = z.strictObject({
  name: nameSchema,
  type: z.enum(['direct', 'fanout', 'topic', 'headers']).default('topic').meta({
    title: 'Type',
    description:
      'Direct: to queues that are bound by this very routing key. Fanout: to all. Topic: to those whose pattern fits it. Headers: to those whose headers the message has.',
  }),
  durable,
  persistent,
});

const bindingSchema = z.strictObject({
  exchange: nameSchema.meta({ title: 'Exchange' }),
  to: nameSchema.meta({ title: 'To', description: 'A queue, or another exchange.' }),
  key: z.string().max(255).default('').meta({
    title: 'Routing key',
    description: 'Of a topic exchange a pattern: "*" is one word between dots, "#" any number of them.',
  }),
  headers: z
    .array(z.strictObject({ name: z.string().min(1).max(127), value: z.string().max(1000) }))
    .max(20)
    .default([])
    .meta({ title: 'Headers', description: 'Of a headers exchange: what a message must have.' }),
  match: z.enum(['all', 'any']).default('all').meta({
    title: 'Match',
    description: 'All of the headers, or any one of them.',
  }),
});

const rabbitBrokerConfig = z.strictObject({
  server: z.enum(['embedded', 'rabbitmq-server']).default('embedded').meta({
    title: 'Server',
    description:
      'Embedded: the server that comes with Archipel. rabbitmq-server: the RabbitMQ that is installed on this computer, found on PATH or named by ARCHIPEL_RABBITMQ_SERVER.',
  }),
  url: z
    .string()
    .regex(/^amqp:\/\/\S+$/, 'must be an amqp:// URL')
    .optional()
    .meta({
      title: 'URL of your own server',
      description:
        'Empty: Archipel starts one. Exchanges, queues and bindings are declared on it, and stay. Faults never act on your own server.',
    }),
  exchanges: z.array(exchangeSchema).max(100).default([]).meta({
    title: 'Exchanges',
    description: 'Hand each message on to the queues that are bound for it.',
  }),
  queues: z.array(queueSchema).max(100).default([]).meta({
    title: 'Queues',
    description: 'Each message goes to one consumer.',
  }),
  bindings: z.array(bindingSchema).max(500).default([]).meta({
    title: 'Bindings',
    description: 'Which messages of an exchange go where.',
  }),
  maxMemoryMb: z.number().min(0.1).max(65_536).nullable().default(null).meta({
    title: 'Max memory (MB)',
    description:
      'While messages take more, publishers are held up. Empty: as the server has it. Not for your own server.',
  }),
});

export const rabbitBrokerDefinition = defineKind({
  kind: 'broker-rabbitmq',
  title: 'RabbitMQ broker',
  help: 'Exchanges, queues and bindings of RabbitMQ: its own server, a rabbitmq-server of this computer, or yours by URL.',
  family: 'messaging',
  config: rabbitBrokerConfig,
  defaults: { queues: [{ name: 'jobs' }] },
  accepts: 'rabbitmq-messages',
  calls: [],
  destinations: rabbitDestinations,
  applyConfig: 'restart',
  program: ({ url, server }) => (url !== undefined ? 'remote' : server === 'rabbitmq-server' ? 'foreign' : 'ours'),
  faults: [...ourProgram, 'broker-outage', 'slow-broker', 'queue-full', 'slow-disk', 'disk-full'],
  measures: brokerMeasures,
  fidelity: {
    real: [
      'a process of its own, AMQP 0-9-1, and a log on the disk',
      'amqplib in publishers and consumers',
      'exchanges, bindings, confirms, dead letters and times to live of the broker',
      'rabbitmq-server itself, where the node uses one',
    ],
    modelled: ['what is in a message, but for its size and its parameters', 'a quorum queue as one of its members'],
  },
  check: ({ config }) => checkRabbitBroker(config),
});
