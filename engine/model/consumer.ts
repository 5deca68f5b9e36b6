import { z } from 'zod';
import { ackModes } from './broker.ts';
import { type Step, stepSchema } from './handler.ts';
import { backoffSchema } from './policies.ts';
import { codeOfSteps } from './step-code.ts';

const idempotencySchema = z.strictObject({
  key: z.string().min(1).max(1000).default('{messageId}').meta({
    title: 'Key',
    description:
      'Messages with the same key are one; "{name}" stands for a parameter of the message, {messageId} for its id.',
  }),
  edge: z.string().min(1).nullable().default(null).meta({
    title: 'Edge',
    description:
      'To a cache in which the keys of what is done are kept, for all processes of the service. Empty: each process remembers its own, and forgets with its end.',
  }),
  ttlMs: z.number().int().min(1).max(86_400_000).default(600_000).meta({
    title: 'Remembered for',
    description: 'How long a key is kept.',
  }),
});

export const consumerSchema = z.strictObject({
  edge: z.string().min(1).meta({ title: 'Edge', description: 'From the broker to this node.' }),
  from: z.string().min(1).max(200).meta({ title: 'From', description: 'The queue, stream, channel or topic.' }),
  group: z.string().min(1).max(200).nullable().default(null).meta({
    title: 'Group',
    description:
      'Of a stream or topic: each group gets every message, and one process of the group takes it. Empty: named after this node.',
  }),
  concurrency: z.number().int().min(1).max(1000).default(1).meta({
    title: 'Concurrency',
    description: 'Messages that each process handles at once.',
  }),
  prefetch: z.number().int().min(1).max(10_000).nullable().default(null).meta({
    title: 'Prefetch',
    description:
      'Messages that each process may hold, those that it handles included. Empty: as many as it handles at once.',
  }),
  ack: z.enum(ackModes).default('after').meta({
    title: 'Acknowledgement',
    description:
      'After: when its steps are through, so a message is delivered again when the process dies meanwhile (at least once). Before: as it is taken, so it is lost then (at most once). None: nothing is acknowledged.',
  }),
  maxAttempts: z.number().int().min(1).max(1000).default(1).meta({
    title: 'Max attempts',
    description: 'How often a message is tried, the first time and those that ended with their process included.',
  }),
  backoff: backoffSchema.prefault({ type: 'exponential' }).meta({
    title: 'Backoff',
    description: 'The pause before the next attempt.',
  }),
  deadLetter: z.string().min(1).max(200).nullable().default(null).meta({
    title: 'Dead letters',
    description:
      'Another destination of the same broker, where messages go whose attempts are used up. Empty: they are set aside where the broker does that, and else dropped.',
  }),
  idempotency: idempotencySchema.nullable().default(null).meta({
    title: 'Idempotency key',
    description: 'A message whose key was done already is acknowledged and has no effect again.',
  }),
  keyOrder: z.boolean().default(false).meta({
    title: 'Order by key',
    description:
      'Messages with the same key are handled one after the other in each process, whatever the concurrency.',
  }),
  redeliverAfterMs: z.number().int().min(100).max(600_000).default(5000).meta({
    title: 'Redelivered after',
    description: 'A message whose process no longer says that it is at work on it goes to another one after this time.',
  }),
  steps: z.array(stepSchema).default([]).meta({
    title: 'Steps',
    description: 'What is done for each message, in order.',
  }),
});

export type Consumer = z.infer<typeof consumerSchema>;

/** The config field of every kind that may consume. */
export const consumersField = z.array(consumerSchema).max(100).default([]).meta({
  title: 'Consumers',
  description: 'What it takes from brokers. A service without routes is a worker.',
});

export const codeOfConsumers = (consumers: readonly Consumer[]): { path: string; text: string }[] =>
  consumers.flatMap(({ steps }, index) => codeOfSteps(steps as Step[], `consumers[${index}].steps`));
