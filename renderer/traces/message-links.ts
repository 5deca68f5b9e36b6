import type { TraceSpan } from '../../engine/api/types.ts';

/** The other end of a message: the span that published it, or one that took it. */
export interface MessageLink {
  span: TraceSpan;
  /** From the end of its sending to the beginning of the work on it: how long it was on its way and in the broker. */
  waitedMs: number;
}

export interface MessageLinks {
  sentBy: MessageLink | null;
  /** One for each queue or group that it reached and each attempt, the earliest first. */
  receivedBy: readonly MessageLink[];
}

const link = (to: TraceSpan, producer: TraceSpan, consumer: TraceSpan): MessageLink => ({
  span: to,
  waitedMs: Math.max(0, consumer.startedAtMs - (producer.startedAtMs + producer.durationMs)),
});

/** What was sent and what was taken in a trace, each with its other ends; a consumer's span is a child of its publisher's. */
export function messageLinksOf(spans: readonly TraceSpan[]): ReadonlyMap<string, MessageLinks> {
  const links = new Map<string, MessageLinks>();
  for (const producer of spans) {
    if (producer.kind !== 'producer') continue;
    const consumers = spans
      .filter(({ kind, parentSpanId }) => kind === 'consumer' && parentSpanId === producer.spanId)
      .sort((a, b) => a.startedAtMs - b.startedAtMs);
    links.set(producer.spanId, { sentBy: null, receivedBy: consumers.map((one) => link(one, producer, one)) });
    for (const consumer of consumers)
      links.set(consumer.spanId, { sentBy: link(producer, producer, consumer), receivedBy: [] });
  }
  return links;
}

/** The ends of the message that a span sent or took; null: it has no other end here. */
export function messageOf(span: TraceSpan, links: ReadonlyMap<string, MessageLinks>): TraceSpan[] | null {
  const found = links.get(span.spanId);
  if (found?.sentBy) return [found.sentBy.span, span];
  if (found && found.receivedBy.length > 0) return [span, ...found.receivedBy.map((other) => other.span)];
  return null;
}
