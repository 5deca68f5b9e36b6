import type { TraceSpan } from '../../engine/api/types.ts';
import { t } from '../i18n/t.ts';

/** A span as a bar below its parent. */
export interface Bar {
  span: TraceSpan;
  depth: number;
  /** The parent was not kept, or is not ours: a caller from outside. */
  detached: boolean;
  /** Of the whole trace, from 0 to 1. */
  from: number;
  width: number;
}

/** Bars in the order in which they are read: each span, then all that was done for it. */
export function barsOf(spans: readonly TraceSpan[]): Bar[] {
  if (spans.length === 0) return [];
  const startMs = Math.min(...spans.map(({ startedAtMs }) => startedAtMs));
  const endMs = Math.max(...spans.map(({ startedAtMs, durationMs }) => startedAtMs + durationMs));
  const lengthMs = Math.max(endMs - startMs, 0.001);
  const known = new Set(spans.map(({ spanId }) => spanId));
  const childrenOf = (parent: string | null): TraceSpan[] =>
    spans
      .filter(({ parentSpanId }) =>
        parent === null ? parentSpanId === null || !known.has(parentSpanId) : parentSpanId === parent,
      )
      .sort((a, b) => a.startedAtMs - b.startedAtMs);
  const seen = new Set<string>();
  const below = (parent: string | null, depth: number): Bar[] =>
    childrenOf(parent).flatMap((span) => {
      // Ids that go round in a circle would never end.
      if (seen.has(span.spanId)) return [];
      seen.add(span.spanId);
      const bar: Bar = {
        span,
        depth,
        detached: depth === 0 && span.parentSpanId !== null,
        from: (span.startedAtMs - startMs) / lengthMs,
        width: span.durationMs / lengthMs,
      };
      return [bar, ...below(span.spanId, depth + 1)];
    });
  return below(null, 0);
}

/** What a span is called in the window: a client span says whom it calls. */
export function labelOf({ name, attributes }: TraceSpan): string {
  const peer = attributes['service.peer.name'];
  const again = attributes['http.request.resend_count'];
  return `${name}${peer ? ` → ${peer}` : ''}${again ? ` ${t('(attempt {{number}})', { number: Number(again) + 1 })}` : ''}`;
}
