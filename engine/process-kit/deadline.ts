import type { IncomingHttpHeaders } from 'node:http';

/**
 * How long the sender still waits for the answer, in whole milliseconds from when it sent the request: a duration and no
 * time of day, so that clocks need not agree, as in gRPC's `grpc-timeout`.
 */
export const TIMEOUT_HEADER = 'x-archipel-timeout-ms';

/** When nobody waits for the answer to this request any more, on the clock of `performance.now()`. */
export function deadlineOf(headers: IncomingHttpHeaders, arrivedMs = performance.now()): number {
  const said = headers[TIMEOUT_HEADER];
  if (typeof said !== 'string' || !/^\d{1,9}$/.test(said)) return Number.POSITIVE_INFINITY;
  return arrivedMs + Number(said);
}

/** What to tell the callee of an attempt that begins now: whatever ends first, the attempt's timeout or the deadline. */
export const remainingMs = (timeoutMs: number, deadlineMs: number): number =>
  Math.max(1, Math.floor(Math.min(timeoutMs, deadlineMs - performance.now())));
