import type { HandMessage, SentMessage } from '../../model/message-by-hand.ts';
import { CallFailure } from '../call-failure.ts';
import type { Callers } from '../callers.ts';
import { tracer } from '../tracing.ts';
import { traceIdOf } from '../tracing-context.ts';
import type { Journal } from './journal.ts';

/**
 * Publishes one message along an edge of this process, as somebody asked for it by hand: with the client and on the connection
 * that its steps publish with, once, with the edge's timeout and none of its other policies. It is written down like any other
 * message, so that it stands in the balance of its queue, and always sampled.
 */
export async function sendMessage(
  { edge, to, routingKey, ...message }: HandMessage,
  { callers, journal }: { callers: Callers; journal: Journal },
): Promise<SentMessage> {
  const startMs = performance.now();
  const sentAtMs = Date.now();
  const id = journal.nextId();
  const span = tracer.request({ method: 'PUBLISH', target: to, route: to, startMs, always: true });
  let failure: CallFailure | null = null;
  try {
    const { caller } = callers.broker(edge);
    await caller.publish(
      {
        ...{ ...message, id, to, payloadBytes: 0 },
        ...(routingKey !== null && { routingKey }),
      },
      { span, deadlineMs: Number.POSITIVE_INFINITY, once: true },
    );
  } catch (error) {
    if (!(error instanceof CallFailure)) throw error;
    failure = error;
  } finally {
    tracer.endCall(span, failure);
  }
  return {
    ...{ edge, to, messageId: id, sentAtMs, durationMs: performance.now() - startMs },
    failure: failure && { reason: failure.reason, hop: failure.hop, message: failure.message },
    traceId: span ? traceIdOf(span) : null,
  };
}
