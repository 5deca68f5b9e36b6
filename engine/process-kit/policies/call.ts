import type { Fallback } from '../../model/policies.ts';
import type { CallFailure } from '../call-failure.ts';

/** One try of a request. */
export interface Attempt {
  /** 1 for the first. */
  readonly number: number;
  /** Sent beside one that takes long. */
  readonly isHedge: boolean;
}

/** A request along an edge, in the hands of its policies. */
export interface PolicedCall<Result> {
  /** Whether doing it twice does no more than doing it once. Others are never hedged, and retried only on demand. */
  idempotent: boolean;
  /** False where it can be sent only once, such as a body that streams through. */
  repeatable?: boolean;
  /** When nobody waits for it any more; infinity if nobody has said. */
  deadlineMs: number;
  /**
   * Begins an attempt. `ended` is called once when it is over; a failure may come with a result, such as the response that
   * says so. Returns what breaks it off; `ended` then has no effect any more.
   */
  start(attempt: Attempt, ended: (failure: CallFailure | null, result?: Result) => void): () => void;
  /** A result that nobody takes: another attempt follows, or was faster. */
  discard?(result: Result): void;
  /** Makes an answer of the edge's fallback. Without it the edge's fallback has no effect. */
  fallback?(fallback: Fallback): Result;
  /** Called once, unless the call is given up by its caller. A failure may have a result, too. */
  settle(failure: CallFailure | null, result: Result | undefined): void;
}

export interface PolicyCounters {
  /** Requests, however many attempts each took. */
  policedRequests: number;
  /** Attempts that were really made. */
  attempts: number;
  retries: number;
  /** Retries that the budget did not allow. */
  retriesDenied: number;
  hedges: number;
  /** Requests whose answer came from a hedge. */
  hedgesWon: number;
  expired: number;
  fallbacks: number;
}
