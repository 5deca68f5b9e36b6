import type { EdgeConfig } from '../../model/edge.ts';
import { CallFailure } from '../call-failure.ts';
import { createBulkhead } from './bulkhead.ts';
import { type BreakerState, createCircuitBreaker } from './circuit-breaker.ts';
import { createTokenBucket } from './token-bucket.ts';

/** What an attempt tells of the target: `unknown` where the caller gave up by itself. */
export type AttemptResult = 'ok' | 'failed' | 'unknown';

/** Called once when the attempt has ended. */
export type Leave = (result: AttemptResult) => void;

/** What each attempt has to pass: circuit breaker, rate limiter, bulkhead, in this order. */
export interface AttemptGate {
  /** Calls `go` when the attempt may begin, now or later, or `refused`. Returns what gives up the wait for it. */
  enter(go: (leave: Leave) => void, refused: (failure: CallFailure) => void): () => void;
  measure(): { counters: Record<string, number>; gauges: Record<string, number> };
}

export type GateSettings = Pick<EdgeConfig, 'circuitBreaker' | 'rateLimiter' | 'bulkhead'>;

const stateNumbers: Record<BreakerState, number> = { closed: 0, 'half-open': 1, open: 2 };
const nothing = (): void => {};

export function createAttemptGate(edgeId: string, settings: GateSettings, now: () => number): AttemptGate {
  const breaker = settings.circuitBreaker ? createCircuitBreaker(settings.circuitBreaker, now) : null;
  const bucket = settings.rateLimiter ? createTokenBucket({ ...settings.rateLimiter, now }) : null;
  const bulkhead = settings.bulkhead ? createBulkhead(settings.bulkhead) : null;
  const counters = { breakerRejected: 0, throttled: 0, bulkheadRejected: 0 };

  const breakerOpen = (): CallFailure => {
    counters.breakerRejected += 1;
    return new CallFailure('breaker-open', edgeId, `the circuit breaker of "${edgeId}" is open`);
  };
  const throttled = (): CallFailure => {
    counters.throttled += 1;
    return new CallFailure(
      'throttled',
      edgeId,
      `"${edgeId}" allows ${settings.rateLimiter?.ratePerSec} calls a second`,
    );
  };
  const full = (): CallFailure => {
    counters.bulkheadRejected += 1;
    return new CallFailure('queue-full', edgeId, `the bulkhead of "${edgeId}" is full`);
  };

  return {
    enter(go, refused) {
      if (breaker?.rejects()) {
        refused(breakerOpen());
        return nothing;
      }
      if (bucket && !bucket.take()) {
        refused(throttled());
        return nothing;
      }
      const begin = (): void => {
        // The breaker may have opened while this one waited for its place.
        const permit = breaker ? breaker.pass() : 0;
        if (permit === null) {
          bulkhead?.leave();
          refused(breakerOpen());
          return;
        }
        go((result) => {
          if (result === 'unknown') breaker?.release(permit);
          else breaker?.record(permit, result === 'failed');
          bulkhead?.leave();
        });
      };
      if (!bulkhead) {
        begin();
        return nothing;
      }
      const giveUp = bulkhead.enter(begin);
      if (!giveUp) refused(full());
      return giveUp ?? nothing;
    },
    measure: () => ({
      counters: breaker ? { ...counters, breakerOpened: breaker.opened() } : counters,
      gauges: {
        ...(breaker && { breakerState: stateNumbers[breaker.state()] }),
        ...(bulkhead && { bulkheadBusy: bulkhead.busy(), bulkheadWaiting: bulkhead.waiting() }),
      },
    }),
  };
}
