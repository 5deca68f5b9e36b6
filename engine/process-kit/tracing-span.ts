import type { OutgoingHttpHeaders } from 'node:http';
import { performance } from 'node:perf_hooks';
import type { FailureReason } from '../metrics/failure-reason.ts';
import type { WiredEdge } from './protocol.ts';
import { formatTraceparent, isSampled, RANDOM, randomWord, SAMPLED, type TraceContext } from './tracing-context.ts';
import type { SpanType } from './tracing-record.ts';

/** A piece of work of one request, while it is under way. */
export class Span implements TraceContext {
  readonly type: SpanType;
  readonly trace0: number;
  readonly trace1: number;
  readonly trace2: number;
  readonly trace3: number;
  readonly flags: number;
  readonly tracestate: string | undefined;
  /** Both 0: it began the trace. */
  readonly parent0: number;
  readonly parent1: number;
  readonly span0 = randomWord();
  /** Never 0, so that the id is not. */
  readonly span1 = randomWord() || 1;
  /** On the clock of `performance.now()`. */
  readonly startMs: number;
  endMs = -1;

  method = '';
  target = '';
  route = '';
  edge: WiredEdge | undefined;
  reason: FailureReason | undefined;
  hop: string | undefined;
  status = 0;
  port = 0;
  /** Which attempt of its request it is, from 0; and how many attempts it has had itself. */
  resend = 0;
  attempts = 0;
  rows = -1;
  /** Of a function's request: 1 where an environment was started for it, 0 where not. */
  coldStart = -1;

  /** A child of the context; without one, the first span of a trace that is sampled with this probability. */
  constructor(
    type: SpanType,
    parent: (TraceContext & { tracestate?: string | undefined }) | null,
    ratio: number,
    startMs = performance.now(),
  ) {
    this.type = type;
    this.trace0 = parent ? parent.trace0 : randomWord();
    this.trace1 = parent ? parent.trace1 : randomWord();
    this.trace2 = parent ? parent.trace2 : randomWord() || 1;
    this.trace3 = parent ? parent.trace3 : randomWord();
    this.flags = parent ? parent.flags : RANDOM | (isSampled(this.trace3, ratio) ? SAMPLED : 0);
    this.tracestate = parent?.tracestate;
    this.parent0 = parent ? parent.span0 : 0;
    this.parent1 = parent ? parent.span1 : 0;
    this.startMs = startMs;
  }

  /** The work that it stands for failed, because of what happened at this edge or node. */
  fail(reason: FailureReason, hop?: string): void {
    this.reason = reason;
    this.hop = hop;
  }

  /** Whether it is to be kept. What its caller gave up is not: the caller knows why, and asks for it where that was a failure. */
  get failed(): boolean {
    return this.status >= 400 || (this.reason !== undefined && this.reason !== 'cancelled');
  }

  /** Adds what an outgoing request carries, so that the trace goes on where it arrives. */
  inject(headers: OutgoingHttpHeaders): OutgoingHttpHeaders {
    headers.traceparent = formatTraceparent(this);
    if (this.tracestate !== undefined) headers.tracestate = this.tracestate;
    return headers;
  }
}
