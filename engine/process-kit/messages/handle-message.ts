import type { Destination } from '../../model/broker.ts';
import type { Consumer } from '../../model/consumer.ts';
import type { CallCounters } from '../call-counters.ts';
import { CallFailure } from '../call-failure.ts';
import type { Callers } from '../callers.ts';
import { type ConsumeTrouble, faultHooks } from '../fault-hooks.ts';
import { backoffMs } from '../policies/backoff.ts';
import type { WiredEdge } from '../protocol.ts';
import { fillTemplate, type RequestContext } from '../request-context.ts';
import { tracer } from '../tracing.ts';
import { trueNowMs } from '../true-clock.ts';
import type { Delivery, Outcome } from './client.ts';
import { type Envelope, envelopeOf } from './envelope.ts';
import { createDoneKeys } from './idempotency.ts';
import type { Journal } from './journal.ts';
import { createKeyOrder } from './key-order.ts';
import { protocolOf, systemOf } from './message-caller.ts';

/** What all consumers of a process share. */
export interface ConsumersOptions {
  nodeId: string;
  replica: number;
  journal: Journal;
  callers: Callers;
  calls: CallCounters;
  /** Does what the consumer is there for. Rejects with a `CallFailure`. */
  run(consumer: Consumer, received: Received): Promise<void>;
}

/** A message in the hands of its consumer. */
export interface Received {
  request: RequestContext;
  envelope: Envelope;
  delivery: Delivery;
  edge: WiredEdge;
  destination: Destination;
}

interface HandlerOptions extends ConsumersOptions {
  consumer: Consumer;
  edge: WiredEdge;
  destination: Destination;
  /** In the journal. */
  by: number;
  returnsRetries: boolean;
  onBegun(): void;
  onEnded(failed: boolean, tookMs: number): void;
}

/** What a consumer does with each message that it gets, whichever broker it comes from. */
export function createMessageHandler(options: HandlerOptions): (delivery: Delivery) => Promise<Outcome> {
  const { nodeId, consumer, edge, destination, by, journal, callers, calls } = options;
  const order = createKeyOrder();
  /** Of messages with the same idempotency key. */
  const twins = createKeyOrder();
  const doneKeys =
    consumer.idempotency && createDoneKeys(consumer.idempotency, `archipel:done:${nodeId}:${consumer.from}`, callers);

  const failed = ({ id }: Envelope, attempt: number): Outcome => {
    journal.note({ type: options.returnsRetries ? 'returned' : 'kept', by, id });
    return { type: 'retry', afterMs: Math.round(backoffMs(consumer.backoff, attempt, Math.random)) };
  };

  /** Its attempts are used up. */
  const giveUp = async (envelope: Envelope, attempt: number, reason: string): Promise<Outcome> => {
    const { id, key, parameters, contents } = envelope;
    if (consumer.deadLetter !== null) {
      try {
        await callers.broker(edge.id).caller.publish({
          ...{ to: consumer.deadLetter, key, parameters, payloadBytes: contents.length },
          ...{ priority: null, delayMs: 0, ttlMs: null },
        });
      } catch {
        // As long as nobody has it as a dead letter, it stays where it is.
        return failed(envelope, attempt);
      }
      journal.note({ type: 'dead-lettered', by, id, key });
      return { type: 'done' };
    }
    const isSetAside = destination.setsAside && consumer.ack === 'after';
    const kept = destination.deadLetter === undefined ? 'dead-lettered' : 'rejected';
    journal.note({ type: isSetAside ? kept : 'dropped', by, id, key });
    return { type: 'rejected', reason };
  };

  const work = async (envelope: Envelope, delivery: Delivery): Promise<void> => {
    const { attempt } = delivery;
    const { parameters, id, key, contents, poison } = envelope;
    const span = tracer.message(envelope, edge, {
      ...{ system: systemOf[protocolOf(edge)], destination: destination.name, id, attempt },
    });
    const request: RequestContext = {
      parameters: { ...parameters, messageId: id, key, attempt: String(attempt) },
      deadlineMs: Number.POSITIVE_INFINITY,
      span,
      incoming: {
        method: 'MESSAGE',
        path: `/${destination.name}`,
        route: destination.name,
        headers: {},
        body: contents,
      },
    };
    await tracer.during(span, async () => {
      if (poison) throw new CallFailure('poison', nodeId, `message ${id} cannot be handled`);
      for (const hook of faultHooks.request) {
        const failure = await hook({ method: 'MESSAGE', route: destination.name });
        if (failure) throw new CallFailure('handler-error', nodeId, failure.message);
      }
      await options.run(consumer, { request, envelope, delivery, edge, destination });
    });
  };

  const workOnce = async (envelope: Envelope, delivery: Delivery): Promise<'done' | 'recognised'> => {
    if (!consumer.idempotency || !doneKeys) {
      await work(envelope, delivery);
      return 'done';
    }
    const { parameters, id: messageId, key } = envelope;
    const about: RequestContext = {
      parameters: { ...parameters, messageId, key },
      deadlineMs: Number.POSITIVE_INFINITY,
    };
    const doneKey = fillTemplate(consumer.idempotency.key, about);
    // The second of two that are in hand at once waits to hear whether the first was done.
    return twins.run(doneKey, async () => {
      if (await doneKeys.has(doneKey, about)) return 'recognised';
      await work(envelope, delivery);
      await doneKeys.add(doneKey, about);
      return 'done';
    });
  };

  const handle = async (envelope: Envelope, delivery: Delivery): Promise<Outcome> => {
    const { attempt } = delivery;
    const { id, key, expiresAtMs, sentAtMs } = envelope;
    if (expiresAtMs !== null && Date.now() >= expiresAtMs) {
      journal.note({ type: 'expired', by, id, key });
      return { type: 'done' };
    }
    // A message that ends its consumers each time would never get through to an attempt that fails.
    if (attempt > consumer.maxAttempts) return giveUp(envelope, attempt, 'its consumer has ended each time');
    const ageMs = (): number => (sentAtMs > 0 ? trueNowMs() - sentAtMs : 0);
    try {
      if ((await workOnce(envelope, delivery)) === 'recognised') {
        journal.note({ type: 'recognised', by, id, key });
        return { type: 'done' };
      }
    } catch (error) {
      calls.delivered(edge.id, true, ageMs());
      const reason = error instanceof Error ? error.message : String(error);
      return attempt < consumer.maxAttempts ? failed(envelope, attempt) : giveUp(envelope, attempt, reason);
    }
    // Written down before it is acknowledged.
    journal.note({ type: 'done', by, id, key });
    calls.delivered(edge.id, false, ageMs());
    return { type: 'done' };
  };

  /** As faults have it: later, twice, or with an end before its acknowledgement. */
  const handleInTrouble = async (envelope: Envelope, delivery: Delivery): Promise<Outcome> => {
    const trouble: ConsumeTrouble = {};
    for (const hook of faultHooks.consume) Object.assign(trouble, hook({ destination: destination.name }));
    if (trouble.delayMs) await new Promise((resolve) => setTimeout(resolve, trouble.delayMs));
    const outcome = await handle(envelope, delivery);
    if (outcome.type !== 'done') return outcome;
    trouble.beforeAck?.();
    if (!trouble.comesTwice) return outcome;
    journal.note({ type: 'begun', by, id: envelope.id });
    return handle(envelope, delivery);
  };

  return async (delivery) => {
    const { value, brokerId } = delivery;
    const envelope = envelopeOf(value, brokerId);
    journal.note({ type: 'begun', by, id: envelope.id });
    const startedMs = performance.now();
    options.onBegun();
    let outcome: Outcome | undefined;
    try {
      const { key } = envelope;
      const take = (): Promise<Outcome> => (faultHooks.consume.size > 0 ? handleInTrouble : handle)(envelope, delivery);
      outcome = consumer.keyOrder && key !== '' ? await order.run(key, take) : await take();
      return outcome;
    } finally {
      options.onEnded(outcome?.type !== 'done', performance.now() - startedMs);
    }
  };
}
