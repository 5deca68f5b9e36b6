import { z } from 'zod';
import { consumerSchema } from './consumer.ts';

const { from, group, ack, backoff, deadLetter, idempotency, redeliverAfterMs } = consumerSchema.shape;

/** What polls a broker for a function and calls it with batches of messages: Lambda's event source mapping. */
export const eventSourceSchema = z.strictObject({
  edge: z.string().min(1).meta({ title: 'Edge', description: 'From the broker to this function.' }),
  from,
  group,
  batchSize: z.number().int().min(1).max(1000).default(10).meta({
    title: 'Batch size',
    description: 'Messages in one event at most.',
  }),
  batchingWindowMs: z.number().int().min(0).max(300_000).default(0).meta({
    title: 'Batching window',
    description: 'How long the first message of a batch waits for others.',
  }),
  maximumConcurrency: z.number().int().min(1).max(100).default(1).meta({
    title: 'Maximum concurrency',
    description: 'Events that are handled at once.',
  }),
  reportBatchItemFailures: z.boolean().default(false).meta({
    title: 'Report batch item failures',
    description:
      'The function answers with the messages that failed, {"batchItemFailures": [{"itemIdentifier": …}]}, and only those are tried again. Off: a failed event is all of its messages.',
  }),
  ack: ack.meta({
    title: 'Acknowledgement',
    description:
      'After: when the invocation has succeeded, so a message comes again when the function or its platform fails meanwhile (at least once). Before: as it is taken, so it is lost with the platform then (at most once). None: nothing is acknowledged.',
  }),
  maxAttempts: z.number().int().min(1).max(1000).default(3).meta({
    title: 'Max attempts',
    description: 'How often a message is tried, the first time and those that ended with their process included.',
  }),
  backoff,
  deadLetter,
  idempotency: idempotency.meta({
    title: 'Idempotency key',
    description: 'A message whose key was done already is acknowledged, and the function is not called with it again.',
  }),
  redeliverAfterMs,
});

export type EventSource = z.infer<typeof eventSourceSchema>;

/** The config field of every kind that brokers may trigger. */
export const eventSourcesField = z.array(eventSourceSchema).max(100).default([]).meta({
  title: 'Event sources',
  description: 'Brokers whose messages call it, in batches.',
});
