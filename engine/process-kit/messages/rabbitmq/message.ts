import type { ConsumeMessage, Options } from 'amqplib';
import { amqpDeclarationOf } from '../../../model/amqp-declaration.ts';
import type { Delivery, OutgoingMessage } from '../client.ts';
import { type Envelope, jsonOrText } from '../envelope.ts';

/** Attempts that came before, of a message that waits for the next one. */
const ATTEMPTS = 'x-archipel-attempts';

/** What travels beside the body: identity, life and trace. */
export function propertiesOf({
  destination,
  id,
  envelope,
  priority,
  delayMs,
  headers,
}: OutgoingMessage): Options.Publish {
  const { isPersistent, maxPriority } = amqpDeclarationOf(destination);
  const { traceparent, tracestate, expiresAtMs } = envelope;
  return {
    ...{ messageId: id, persistent: isPersistent, contentType: 'application/json' },
    headers: { ...headers, ...(traceparent && { traceparent }), ...(tracestate && { tracestate }) },
    // To the broker the highest number comes first.
    ...(priority !== null && { priority: Math.max(0, (maxPriority || 255) + 1 - priority) }),
    // One that waits for its time must not expire before: its consumer looks then.
    ...(expiresAtMs !== null && delayMs === 0 && { expiration: Math.max(0, expiresAtMs - Date.now()) }),
  };
}

/** The trace travels in the headers. */
export function bodyOf({ traceparent: _, tracestate: _s, ...envelope }: Envelope): Buffer {
  return Buffer.from(JSON.stringify(envelope));
}

/** As it came, with what its headers say. */
export function deliveryOf(message: ConsumeMessage): Delivery {
  const { properties, content } = message;
  const { traceparent, tracestate, ...headers } = (properties.headers ?? {}) as Record<string, unknown>;
  const value = jsonOrText(content.toString());
  const trace = {
    ...(typeof traceparent === 'string' && { traceparent }),
    ...(typeof tracestate === 'string' && { tracestate }),
  };
  return {
    brokerId: String(properties.messageId ?? ''),
    value:
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? { ...value, ...trace, ...(isDeadLetter(headers) && { expiresAtMs: null }) }
        : value,
    attempt: attemptOf(message),
    amqp: { redelivered: message.fields.redelivered, properties },
  };
}

/** Dead letters have no time to live any more; those that only waited for their time are none. */
const isDeadLetter = (headers: Record<string, unknown>): boolean => {
  const first = headers['x-first-death-queue'];
  return typeof first === 'string' && !first.startsWith('archipel.');
};

/** A quorum queue counts how often a message came back; a classic one says only whether. */
function attemptOf({ properties, fields }: ConsumeMessage): number {
  const headers = (properties.headers ?? {}) as Record<string, unknown>;
  const before = Number(headers[ATTEMPTS] ?? 0);
  const returns = Number(headers['x-delivery-count'] ?? (fields.redelivered ? 1 : 0));
  return before + returns + 1;
}

/** The same message for its next attempt. */
export function again({ properties }: ConsumeMessage, attempts: number): Options.Publish {
  const { messageId, priority, contentType, deliveryMode, headers } = properties;
  const kept = Object.entries((headers ?? {}) as Record<string, unknown>).filter(
    ([name]) => name !== 'x-delivery-count',
  );
  return {
    ...{ messageId, contentType, priority, persistent: deliveryMode === 2 },
    headers: { ...Object.fromEntries(kept), [ATTEMPTS]: attempts },
  };
}
