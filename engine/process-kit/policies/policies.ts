import type { EdgeConfig } from '../../model/edge.ts';
import { CallFailure } from '../call-failure.ts';
import { type Clock, processClock } from '../clock.ts';
import type { EdgeCalls, WiredEdge } from '../protocol.ts';
import { type AttemptGate, createAttemptGate } from './attempt-gate.ts';
import type { Attempt, PolicedCall, PolicyCounters } from './call.ts';
import { runPoliced } from './run.ts';
import { createTokenBucket, type TokenBucket } from './token-bucket.ts';

/**
 * The policies of one process along one edge, whatever travels on it. The calling side of a protocol makes one per edge,
 * puts each attempt into `execute` (or `run`, where promises are too slow), and hands `update` and `measure` through:
 *
 *     const policies = createPolicies(edge);
 *     policies.execute({
 *       idempotent: true,
 *       deadlineMs: request.deadlineMs,
 *       attempt: ({ signal }) => sendOnce(signal), // throws a CallFailure; keeps the edge's `timeoutMs` itself
 *       fallback: () => emptyAnswer,
 *     });
 *
 * An attempt whose signal is aborted should end at once: it is counted as over, and what it still yields is dropped.
 */
export interface Policies {
  /** Whether a call with this deadline has to go through `run`. Where not, it may be made directly, which costs nothing. */
  concern(deadlineMs: number): boolean;
  /** Returns what gives the call up without an outcome. */
  run<Result>(call: PolicedCall<Result>): () => void;
  /** Rejects with a `CallFailure`. */
  execute<Result>(options: PolicedAttempts<Result>): Promise<Result>;
  update(edge: WiredEdge): void;
  /** What they did so far, and how they are now: `policyMeasures` say what the names mean. */
  measure(): Required<Pick<EdgeCalls, 'counters' | 'gauges'>>;
}

export interface PolicedAttempts<Result>
  extends Pick<PolicedCall<Result>, 'idempotent' | 'repeatable' | 'discard' | 'fallback'> {
  /** On the clock of `performance.now()`. Default: nobody has said when. */
  deadlineMs?: number;
  attempt(attempt: Attempt & { signal: AbortSignal }): Promise<Result>;
}

const isOn = ({ deadlineMs, retries, hedging, circuitBreaker, bulkhead, rateLimiter, fallback }: EdgeConfig): boolean =>
  Boolean(deadlineMs ?? retries ?? hedging ?? circuitBreaker ?? bulkhead ?? rateLimiter ?? fallback);

const first: Attempt & { signal: AbortSignal } = {
  number: 1,
  isHedge: false,
  signal: new AbortController().signal,
};

export function createPolicies(
  edge: Pick<WiredEdge, 'id' | 'targetId' | 'config'>,
  { clock = processClock, random = Math.random }: { clock?: Clock; random?: () => number } = {},
): Policies {
  const { id, targetId } = edge;
  let { config } = edge;
  let on = isOn(config);
  const now = (): number => clock.now();
  const newGate = (): AttemptGate => createAttemptGate(id, config, now);
  const newBudget = (): TokenBucket | null => {
    const budget = config.retries?.budget;
    return budget ? createTokenBucket({ ratePerSec: budget.minPerSec, burst: budget.burst, now }) : null;
  };
  let gate = newGate();
  let budget = newBudget();
  const past: Record<string, number> = {};
  const counters: PolicyCounters = {
    policedRequests: 0,
    attempts: 0,
    retries: 0,
    retriesDenied: 0,
    hedges: 0,
    hedgesWon: 0,
    expired: 0,
    fallbacks: 0,
  };

  const concern = (deadlineMs: number): boolean => on || deadlineMs < Number.POSITIVE_INFINITY;
  const run = <Result>(call: PolicedCall<Result>): (() => void) =>
    runPoliced({ edgeId: id, config, gate, budget, counters, clock, random }, call);

  return {
    concern,
    run,
    execute({ attempt, deadlineMs = Number.POSITIVE_INFINITY, ...options }) {
      if (!concern(deadlineMs)) return attempt(first);
      return new Promise((resolve, reject) => {
        run({
          ...options,
          deadlineMs,
          start(which, ended) {
            const broken = new AbortController();
            attempt({ ...which, signal: broken.signal }).then(
              (result) => ended(null, result),
              (error: unknown) => ended(asFailure(error, targetId)),
            );
            return () => broken.abort();
          },
          settle(failure, result) {
            if (failure) reject(failure);
            else resolve(result as Awaited<ReturnType<typeof attempt>>);
          },
        });
      });
    },
    update({ config: changed }) {
      const before = config;
      config = changed;
      on = isOn(config);
      // What a policy has learnt is kept for as long as it stays the same.
      if (!same(before, config, ['circuitBreaker', 'rateLimiter', 'bulkhead'])) {
        addTo(past, gate.measure().counters);
        gate = newGate();
      }
      if (!same(before, config, ['retries'])) budget = newBudget();
    },
    measure() {
      const { counters: ofGate, gauges } = gate.measure();
      if (!on && counters.policedRequests === 0) return { counters: {}, gauges: {} };
      const all: Record<string, number> = { ...past };
      addTo(all, ofGate);
      return { counters: { ...all, ...counters }, gauges };
    },
  };
}

const same = (a: EdgeConfig, b: EdgeConfig, fields: (keyof EdgeConfig)[]): boolean =>
  fields.every((field) => JSON.stringify(a[field] ?? null) === JSON.stringify(b[field] ?? null));

function addTo(sum: Record<string, number>, more: Record<string, number>): void {
  for (const [name, count] of Object.entries(more)) sum[name] = (sum[name] ?? 0) + count;
}

const asFailure = (error: unknown, targetId: string): CallFailure =>
  error instanceof CallFailure
    ? error
    : new CallFailure('handler-error', targetId, error instanceof Error ? error.message : String(error));
