import type { EdgeConfig } from '../../model/edge.ts';
import type { Retries } from '../../model/policies.ts';
import { CallFailure } from '../call-failure.ts';
import type { Clock } from '../clock.ts';
import type { AttemptGate, AttemptResult, Leave } from './attempt-gate.ts';
import { backoffMs } from './backoff.ts';
import type { PolicedCall, PolicyCounters } from './call.ts';
import type { TokenBucket } from './token-bucket.ts';

export interface Surroundings {
  edgeId: string;
  config: EdgeConfig;
  gate: AttemptGate;
  budget: TokenBucket | null;
  counters: PolicyCounters;
  clock: Clock;
  random: () => number;
}

interface OpenAttempt {
  /** Set once it has passed the gate. */
  leave: Leave | null;
  breakOff(): void;
}

/**
 * Takes one request through the policies of its edge: deadline (retries (hedges (gate (attempt)))), and the fallback
 * around it all. Returns what gives it up without an outcome.
 */
export function runPoliced<Result>(around: Surroundings, call: PolicedCall<Result>): () => void {
  const { edgeId, config, gate, budget, counters, clock, random } = around;
  const repeatable = call.repeatable !== false;
  const retries = repeatable && mayRetry(config.retries, call) ? config.retries : null;
  const hedging = repeatable && call.idempotent ? config.hedging : null;
  const ownDeadlineMs = config.deadlineMs ? clock.now() + config.deadlineMs : Number.POSITIVE_INFINITY;
  const deadlineMs = Math.min(ownDeadlineMs, call.deadlineMs);

  let over = false;
  let attempts = 0;
  let round = 0;
  let last: { failure: CallFailure; result: Result | undefined } | null = null;
  const open = new Set<OpenAttempt>();
  let cancelPause = (): void => {};
  let cancelHedge = (): void => {};
  let cancelDeadline = (): void => {};

  const breakOff = (attempt: OpenAttempt, result: AttemptResult): void => {
    open.delete(attempt);
    attempt.breakOff();
    attempt.leave?.(result);
  };

  const end = (openOnes: AttemptResult): void => {
    over = true;
    cancelPause();
    cancelHedge();
    cancelDeadline();
    for (const attempt of [...open]) breakOff(attempt, openOnes);
  };

  const discardLast = (): void => {
    if (last?.result !== undefined) call.discard?.(last.result);
    last = null;
  };

  const succeed = (result: Result | undefined, isHedge: boolean): void => {
    end('unknown');
    discardLast();
    if (isHedge) counters.hedgesWon += 1;
    call.settle(null, result);
  };

  const giveUp = (failure: CallFailure, result: Result | undefined): void => {
    if (!config.fallback || !call.fallback) {
      call.settle(failure, result);
      return;
    }
    counters.fallbacks += 1;
    if (result !== undefined) call.discard?.(result);
    call.settle(null, call.fallback(config.fallback));
  };

  const expire = (): void => {
    // A target that does not answer within the edge's own deadline is slow; how much a caller had left says nothing of it.
    end(ownDeadlineMs <= call.deadlineMs ? 'failed' : 'unknown');
    discardLast();
    counters.expired += 1;
    giveUp(new CallFailure('expired', edgeId, 'the deadline passed'), undefined);
  };

  const fail = (failure: CallFailure, result: Result | undefined): void => {
    discardLast();
    last = { failure, result };
    if (open.size > 0) return;
    cancelHedge();
    const pauseMs = retries && round < retries.maxAttempts ? pauseBefore(retries, failure) : null;
    if (pauseMs !== null) {
      counters.retries += 1;
      discardLast();
      cancelPause = clock.schedule(pauseMs, startRound);
      return;
    }
    end('unknown');
    giveUp(failure, result);
  };

  /** Null when there must be no retry. */
  const pauseBefore = ({ on, backoff }: Retries, { reason }: CallFailure): number | null => {
    if (!(on as readonly string[]).includes(reason)) return null;
    const pauseMs = backoffMs(backoff, round, random);
    if (clock.now() + pauseMs >= deadlineMs) return null;
    if (!budget || budget.take()) return pauseMs;
    counters.retriesDenied += 1;
    return null;
  };

  const launch = (isHedge: boolean): void => {
    attempts += 1;
    const number = attempts;
    const attempt: OpenAttempt = { leave: null, breakOff() {} };
    open.add(attempt);
    const giveUpWait = gate.enter(
      (leave) => {
        attempt.leave = leave;
        counters.attempts += 1;
        attempt.breakOff = call.start({ number, isHedge }, (failure, result) => {
          if (!open.delete(attempt)) {
            if (result !== undefined) call.discard?.(result);
            return;
          }
          leave(resultOf(failure));
          if (failure) fail(failure, result);
          else succeed(result, isHedge);
        });
      },
      (failure) => {
        if (open.delete(attempt)) fail(failure, undefined);
      },
    );
    if (!attempt.leave) attempt.breakOff = giveUpWait;
  };

  const hedgeLater = (left: number): void => {
    if (!hedging || left === 0 || open.size === 0) return;
    cancelHedge = clock.schedule(hedging.delayMs, () => {
      counters.hedges += 1;
      launch(true);
      hedgeLater(left - 1);
    });
  };

  const startRound = (): void => {
    round += 1;
    launch(false);
    if (hedging) hedgeLater(hedging.maxHedges);
  };

  counters.policedRequests += 1;
  if (retries?.budget) budget?.put(retries.budget.ratio);
  if (deadlineMs <= clock.now()) expire();
  else {
    if (deadlineMs < Number.POSITIVE_INFINITY) cancelDeadline = clock.schedule(deadlineMs - clock.now(), expire);
    startRound();
  }
  return () => {
    if (!over) end('unknown');
  };
}

const mayRetry = (retries: EdgeConfig['retries'], { idempotent }: { idempotent: boolean }): boolean =>
  retries !== null && retries !== undefined && (idempotent || !retries.idempotentOnly);

function resultOf(failure: CallFailure | null): AttemptResult {
  // "no-route" is an answer: the target works, and the caller asked for what it does not have.
  if (!failure || failure.reason === 'no-route') return 'ok';
  return failure.reason === 'cancelled' || failure.reason === 'expired' ? 'unknown' : 'failed';
}
