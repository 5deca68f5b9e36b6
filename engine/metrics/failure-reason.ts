/** Why a request failed. Each failed request has exactly one reason, at one hop. */
export const failureReasons = [
  'refused',
  'timeout',
  'reset',
  'dns',
  'queue-full',
  'shed',
  'breaker-open',
  'throttled',
  'handler-error',
  'crash',
  'no-route',
  'stale',
  'poison',
  'expired',
  'cancelled',
] as const;

export type FailureReason = (typeof failureReasons)[number];

/** A reason and the edge or node where the failure began, as recorded: `refused@orders-db`. */
export const failureKey = (reason: FailureReason, hop: string): string => `${reason}@${hop}`;

/** Response headers with which a node hands the first failure on, so that every caller above names the same hop. */
export const FAILURE_REASON_HEADER = 'x-archipel-failure-reason';
export const FAILURE_HOP_HEADER = 'x-archipel-failure-hop';
