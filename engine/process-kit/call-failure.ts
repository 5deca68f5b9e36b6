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
  /** What its node says beside the reason; default: the status that goes with it. */
  readonly answer: { status?: number; retryAfterS?: number };

  constructor(reason: FailureReason, hop: string, message: string, answer: CallFailure['answer'] = {}) {
    super(message);
    this.name = 'CallFailure';
    this.reason = reason;
    this.hop = hop;
    this.answer = answer;
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
export function failureResponse({ reason, hop, answer }: CallFailure): {
  status: number;
  headers: Record<string, string>;
} {
  return {
    status: answer.status ?? statusOf[reason],
    headers: {
      [FAILURE_REASON_HEADER]: reason,
      [FAILURE_HOP_HEADER]: hop,
      ...(answer.retryAfterS !== undefined && { 'retry-after': String(answer.retryAfterS) }),
    },
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
