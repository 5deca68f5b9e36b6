import type { OutgoingHttpHeaders } from 'node:http';
import { performance } from 'node:perf_hooks';
import type { FailureReason } from '../metrics/failure-reason.ts';
import type { WiredEdge } from './protocol.ts';
import { formatTraceparent, randomSpanId, type TraceContext } from './tracing-context.ts';
import type { SpanRecord, SpanType } from './tracing-record.ts';

/** A piece of work of one request, while it is under way and for a while after. */
export class Span implements TraceContext {
  readonly traceId: string;
  readonly spanId: string;
  readonly flags: number;
  readonly tracestate: string | undefined;
  readonly parentId: string | null;
  readonly remoteParent: boolean;
  readonly type: SpanType;
  /** On the clock of `performance.now()`. */
  readonly startMs: number;
  endMs = -1;
  told = false;

  method = '';
  target = '';
  route = '';
  status = 0;
  edge: WiredEdge | undefined;
  port = 0;
  /** Which attempt of its request it is, from 0; and how many attempts it has had itself. */
  resend = 0;
  attempts = 0;
  rows = -1;
  reason: FailureReason | undefined;
  hop: string | undefined;

  constructor(
    type: SpanType,
    trace: { traceId: string; flags: number; tracestate?: string | undefined },
    parent: { id: string; isRemote: boolean } | null,
    startMs = performance.now(),
  ) {
    this.type = type;
    this.traceId = trace.traceId;
    this.flags = trace.flags;
    this.tracestate = trace.tracestate;
    this.parentId = parent?.id ?? null;
    this.remoteParent = parent?.isRemote ?? false;
    this.spanId = randomSpanId();
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

  toRecord(): SpanRecord {
    const record: SpanRecord = {
      traceId: this.traceId,
      spanId: this.spanId,
      parentId: this.parentId,
      remoteParent: this.remoteParent,
      type: this.type,
      startMs: this.startMs + sharedClockOffsetMs,
      durationMs: this.endMs - this.startMs,
      flags: this.flags,
    };
    if (this.method) record.method = this.method;
    if (this.target) record.target = this.target;
    if (this.route) record.route = this.route;
    if (this.status > 0) record.status = this.status;
    if (this.edge) {
      record.edge = this.edge.id;
      record.peer = this.edge.targetId;
    }
    if (this.port > 0) record.port = this.port;
    if (this.resend > 0) record.resend = this.resend;
    if (this.attempts > 0) record.attempts = this.attempts;
    if (this.rows >= 0) record.rows = this.rows;
    if (this.reason !== undefined) record.failure = { reason: this.reason, hop: this.hop };
    return record;
  }
}

/**
 * From `performance.now()`, which begins with the process, to the monotonic clock of the machine. Wall clocks that
 * processes read at their starts differ by more than a short span lasts; with this one, spans nest across processes.
 */
const sharedClockOffsetMs = Number(process.hrtime.bigint()) / 1e6 - performance.now();
