import type { Backoff } from '../../model/policies.ts';

/**
 * The pause before a retry, the first of which is number 1. Exponential with full jitter: drawn evenly from
 * [0, min(max, base · 2^(n−1))), so that callers that failed together do not come back together.
 * Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
 */
export function backoffMs(backoff: Backoff, retry: number, random: () => number): number {
  if (backoff.type === 'fixed') return backoff.delayMs;
  return random() * Math.min(backoff.maxDelayMs, backoff.baseDelayMs * 2 ** (retry - 1));
}
