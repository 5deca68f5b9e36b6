import type { IncomingMessage } from 'node:http';
import {
  FAILURE_HOP_HEADER,
  FAILURE_REASON_HEADER,
  type FailureReason,
  failureReasons,
} from '../metrics/failure-reason.ts';

/** A step that failed: the one reason, and the edge or node where the failure began. */
export class CallFailure extends Error {
  readonly reason: FailureReason;
  readonly hop: string;

  constructor(reason: FailureReason, hop: string, message: string) {
    super(message);
    this.name = 'CallFailure';
    this.reason = reason;
    this.hop = hop;
  }
}

const statusOf: Record<FailureReason, number> = {
  refused: 502,
  reset: 502,
  dns: 502,
  crash: 502,
  timeout: 504,
  expired: 504,
  'queue-full': 503,
  shed: 503,
  'breaker-open': 503,
  throttled: 429,
  'handler-error': 500,
  stale: 500,
  poison: 500,
  'no-route': 404,
  cancelled: 499,
};

/** The answer with which a node tells its caller about a failure below it, or of its own. */
export function failureResponse(failure: CallFailure): { status: number; headers: Record<string, string> } {
  return {
    status: statusOf[failure.reason],
    headers: { [FAILURE_REASON_HEADER]: failure.reason, [FAILURE_HOP_HEADER]: failure.hop },
  };
}

/** What a system error on a connection means for the caller. */
export function reasonOfSystemError(error: NodeJS.ErrnoException): FailureReason {
  return error.code === 'ECONNREFUSED' ? 'refused' : 'reset';
}

/** The failure that a response reports, or null when it is a success. */
export function failureOfResponse(
  response: Pick<IncomingMessage, 'statusCode' | 'headers'>,
  targetId: string,
): CallFailure | null {
  const status = response.statusCode ?? 500;
  if (status < 400) return null;
  const reason = response.headers[FAILURE_REASON_HEADER];
  const hop = response.headers[FAILURE_HOP_HEADER];
  if (typeof reason === 'string' && typeof hop === 'string' && (failureReasons as readonly string[]).includes(reason))
    return new CallFailure(reason as FailureReason, hop, `${reason} at ${hop}`);
  return new CallFailure(status === 404 ? 'no-route' : 'handler-error', targetId, `${targetId} answered ${status}`);
}
