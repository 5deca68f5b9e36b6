import type { Consumer } from '../../model/consumer.ts';
import type { EventSource } from '../../model/event-source.ts';
import type { CallCounters } from '../../process-kit/call-counters.ts';
import { CallFailure } from '../../process-kit/call-failure.ts';
import type { Callers } from '../../process-kit/callers.ts';
import { type Consumers, createConsumers } from '../../process-kit/messages/consumers.ts';
import type { Received } from '../../process-kit/messages/handle-message.ts';
import type { Journal } from '../../process-kit/messages/journal.ts';
import { failedItems, kafkaEvent, queueEvent, rabbitEvent } from '../../wire/lambda/batch-events.ts';
import { brokerArn, functionArn } from '../../wire/lambda/variables.ts';
import { type Batcher, createBatcher } from './batcher.ts';
import type { InvocationResult, Invoker } from './invoker.ts';

/** A throttled batch is tried again after this time, then after twice as long, and so on to the longest. Lambda's own pauses are not told. */
const FIRST_BACKOFF_MS = 100;
const LONGEST_BACKOFF_MS = 5000;

/** What polls brokers for a function: the messages that it takes call the function in batches. */
export interface EventSources {
  configure(sources: readonly EventSource[]): void;
  /** Resolves when all that there are take messages, or when the time is over. */
  listening(withinMs: number): Promise<void>;
  /** Takes nothing more, and resolves when what is in hand is through. */
  stop(): Promise<void>;
  measure: Consumers['measure'];
}

export function createEventSources(options: {
  nodeId: string;
  replica: number;
  journal: Journal;
  callers: Callers;
  calls: CallCounters;
  invoke: Invoker['invoke'];
  /** An invocation that was begun for a batch has come to its end. */
  onAnswered(result: Exclude<InvocationResult, { type: 'throttled' }>, tookMs: number): void;
}): EventSources {
  const { nodeId, invoke, onAnswered } = options;
  const arn = functionArn(nodeId);
  /** By the consumer that stands for it. */
  const batchers = new Map<string, { source: EventSource; batcher: Batcher<Received> }>();
  let isStopped = false;
  const pauses = new Set<() => void>();

  const pause = (durationMs: number): Promise<void> =>
    new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        pauses.delete(end);
        resolve();
      };
      const timer = setTimeout(end, durationMs);
      pauses.add(end);
    });

  const handle = async (
    { reportBatchItemFailures }: EventSource,
    batch: readonly Received[],
  ): Promise<ReadonlyMap<Received, Error>> => {
    const all = (error: Error): Map<Received, Error> => new Map(batch.map((received) => [received, error]));
    // The trace of a batch is that of its first message that is traced.
    const span = batch.find(({ request }) => request.span)?.request.span;
    for (let throttled = 0; ; throttled += 1) {
      if (isStopped && throttled > 0) return all(new CallFailure('throttled', nodeId, 'the function ends'));
      const startedMs = performance.now();
      const result = await invoke({ event: () => eventOf(batch), functionArn: arn, span });
      if (result.type === 'throttled') {
        // Nothing was tried yet, so it is no attempt of the messages.
        await pause(Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** throttled));
        continue;
      }
      onAnswered(result, performance.now() - startedMs);
      if (result.type === 'failed') {
        const reason = { 'function-error': 'handler-error', crash: 'crash', timeout: 'timeout' } as const;
        return all(new CallFailure(reason[result.failure], nodeId, result.error.errorMessage));
      }
      if (!reportBatchItemFailures) return new Map();
      const failed = failedItems(
        result.body,
        batch.map(({ envelope }) => envelope.id),
      );
      if (failed === null)
        return all(new CallFailure('handler-error', nodeId, 'the answer names messages that were not in the batch'));
      const reported = batch.filter(({ envelope }) => failed.has(envelope.id));
      return new Map(
        reported.map((received) => [
          received,
          new CallFailure('handler-error', nodeId, `the function reports ${received.envelope.id} as failed`),
        ]),
      );
    }
  };

  const batcherOf = (source: EventSource): Batcher<Received> =>
    createBatcher({
      ...{ size: source.batchSize, windowMs: source.batchingWindowMs, concurrency: source.maximumConcurrency },
      handle: (batch) => handle(source, batch),
    });

  const consumers = createConsumers({
    ...options,
    run: async (consumer, received) => {
      const known = batchers.get(keyOf(consumer));
      if (!known) throw new CallFailure('handler-error', nodeId, 'its event source is gone');
      return known.batcher.add(received);
    },
  });

  return {
    configure(sources) {
      const wanted = new Map(sources.map((source) => [keyOf(source), source]));
      for (const [key, { source, batcher }] of batchers)
        if (JSON.stringify(wanted.get(key)) !== JSON.stringify(source)) {
          // What it has goes on its way.
          batcher.hurry();
          batchers.delete(key);
        }
      for (const [key, source] of wanted)
        if (!batchers.has(key)) batchers.set(key, { source, batcher: batcherOf(source) });
      consumers.configure(sources.map(consumerOf));
    },
    listening: consumers.listening,
    async stop() {
      isStopped = true;
      for (const end of [...pauses]) end();
      for (const { batcher } of batchers.values()) batcher.hurry();
      await consumers.stop();
    },
    measure: consumers.measure,
  };
}

const keyOf = ({ edge, from, group }: Pick<Consumer, 'edge' | 'from' | 'group'>): string =>
  JSON.stringify([edge, from, group]);

/** It holds as many messages as are in batches at once. */
const consumerOf = (source: EventSource): Consumer => ({
  ...{ edge: source.edge, from: source.from, group: source.group },
  ...{ concurrency: source.batchSize * source.maximumConcurrency, prefetch: null },
  ...{ ack: source.ack, redeliverAfterMs: source.redeliverAfterMs, idempotency: source.idempotency },
  ...{ maxAttempts: source.maxAttempts, backoff: source.backoff, deadLetter: source.deadLetter },
  ...{ keyOrder: false, steps: [] },
});

/** What its publisher said of a message, and how its trace goes on. */
const attributesOf = ({ envelope, request }: Received): Record<string, string> => ({
  ...envelope.parameters,
  ...(request.span?.inject({}) as Record<string, string> | undefined),
});

/** A batch as the function gets it. All of its messages are of one destination. */
function eventOf(batch: readonly Received[]): Buffer {
  const [{ edge, destination }] = batch as readonly [Received];
  switch (edge.protocol) {
    case 'rabbitmq-messages':
      return rabbitEvent(
        { brokerArn: brokerArn(edge.targetId), queue: destination.name },
        batch.map((received) => {
          const { redelivered = false, properties = {} } = received.delivery.amqp ?? {};
          return {
            ...{ data: received.envelope.contents, redelivered, headers: attributesOf(received) },
            contentType: properties.contentType ?? null,
            deliveryMode: properties.deliveryMode ?? null,
            priority: properties.priority ?? null,
            expiration: properties.expiration ?? null,
            messageId: properties.messageId ?? null,
          };
        }),
      );
    case 'kafka':
      return kafkaEvent(
        edge.ports.map((port) => `127.0.0.1:${port}`).join(','),
        batch.map((received) => {
          const { key, contents } = received.envelope;
          const { partition = 0, offset = 0, timestampMs = 0 } = received.delivery.kafka ?? {};
          return {
            ...{ topic: destination.name, partition, offset, timestamp: timestampMs },
            ...{ key, value: contents, headers: attributesOf(received) },
          };
        }),
      );
    default:
      return queueEvent(
        destination.name,
        batch.map((received) => ({
          ...{ messageId: received.envelope.id, body: received.envelope.contents, attributes: attributesOf(received) },
          ...{ receiveCount: received.delivery.attempt, sentAtMs: received.envelope.sentAtMs },
        })),
      );
  }
}
