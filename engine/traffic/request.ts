import type { FailureReason } from '../metrics/failure-reason.ts';
import type { Span } from '../process-kit/tracing-span.ts';

/** One request from its arrival to its outcome. */
export interface TrafficRequest {
  /** The whole request as it goes over the wire. */
  readonly bytes: Buffer;
  /** When it should have been sent, as a time of `performance.now()`. */
  readonly intendedMs: number;
  /** When an answer comes too late; set when it is sent. */
  deadlineMs: number;
  readonly observer: RequestObserver;
  /** Set when it is sent, where it is traced. */
  span?: Span | undefined;
}

/** Hears what becomes of a request, each step where it happens. */
export interface RequestObserver {
  queued(request: TrafficRequest): void;
  /** Left the queue: `sent` or `dropped` follows at once. */
  dequeued(request: TrafficRequest): void;
  /** Its first attempt leaves now, a time of `performance.now()`. Once for each request. */
  sent(request: TrafficRequest, nowMs: number): void;
  ok(request: TrafficRequest, nowMs: number): void;
  failed(request: TrafficRequest, reason: FailureReason, hop: string): void;
  dropped(request: TrafficRequest): void;
}
