import type { FailureReason } from '../metrics/failure-reason.ts';

/** One request from its arrival to its outcome. */
export interface TrafficRequest {
  /** The whole request as it goes over the wire. */
  readonly bytes: Buffer;
  /** When it should have been sent, as a time of `performance.now()`. */
  readonly intendedMs: number;
  /** When an answer comes too late; set when it is sent. */
  deadlineMs: number;
  readonly observer: RequestObserver;
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

/** A request without body, for a server that is known by the name of its node. */
export function requestBytes(options: { method: string; path: string; host: string }): Buffer {
  const length = options.method === 'GET' ? '' : 'Content-Length: 0\r\n';
  return Buffer.from(`${options.method} ${options.path} HTTP/1.1\r\nHost: ${options.host}\r\n${length}\r\n`, 'latin1');
}
