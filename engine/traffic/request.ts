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

const U = 85;

/** GET, HEAD, PUT, DELETE and OPTIONS may be repeated, POST and PATCH not: RFC 9110, section 9.2.2. */
export const isIdempotent = (bytes: Buffer): boolean => bytes[0] !== 0x50 || bytes[1] === U;

/** A request with further header lines, each ended, after its first line. */
export function withHeaderLines(bytes: Buffer, lines: string): Buffer {
  const at = bytes.indexOf('\n') + 1;
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(lines, 'latin1'), bytes.subarray(at)]);
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
