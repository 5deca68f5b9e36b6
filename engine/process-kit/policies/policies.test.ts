import { describe, expect, it } from 'vitest';
import { CallFailure } from '../call-failure.ts';
import { createStage, fail } from './policies.fixture.ts';

const retries = {
  maxAttempts: 3,
  backoff: { type: 'fixed', delayMs: 100 },
  on: ['refused', 'reset', 'timeout'],
  idempotentOnly: true,
} as const;
const never = Number.POSITIVE_INFINITY;
/** The mutable copy that the document's types ask for. */
const retrying = (changes: object = {}) => ({ retries: { ...retries, on: [...retries.on], ...changes } });

describe('without policies', () => {
  it('makes the call directly and counts nothing', async () => {
    const stage = createStage({}, 5);
    expect(stage.policies.concern(never)).toBe(false);
    expect(await stage.outcome()).toEqual({ atMs: 5, answer: 'answer of attempt 1' });
    expect(stage.policies.measure()).toEqual({ counters: {}, gauges: {} });
  });

  it('still gives up at the deadline that a caller has set', async () => {
    const stage = createStage({}, never);
    expect(await stage.outcome(1000, { deadlineMs: 300 })).toEqual({ atMs: 300, reason: 'expired', hop: 'shop-auth' });
    expect(stage.brokenOff).toEqual([300]);
  });

  it('does not even begin what nobody waits for any more', async () => {
    const stage = createStage({}, 5);
    await stage.clock.advance(50);
    expect(await stage.outcome(0, { deadlineMs: 50 })).toMatchObject({ atMs: 50, reason: 'expired' });
    expect(stage.began).toEqual([]);
  });
});

describe('retries', () => {
  it('try again after the pause, until an attempt succeeds', async () => {
    const stage = createStage(retrying(), fail('refused'), fail('timeout', 20), 5);
    expect(await stage.outcome()).toEqual({ atMs: 226, answer: 'answer of attempt 3' });
    expect(stage.began).toEqual([0, 101, 221]);
    expect(stage.counters()).toMatchObject({ policedRequests: 1, attempts: 3, retries: 2 });
  });

  it('end with the last failure when the attempts are used up', async () => {
    const stage = createStage(retrying(), fail('refused'));
    expect(await stage.outcome()).toMatchObject({ reason: 'refused', hop: 'auth' });
    expect(stage.began).toHaveLength(3);
  });

  it('leave alone what another attempt cannot cure', async () => {
    const stage = createStage(retrying(), fail('handler-error'));
    expect(await stage.outcome()).toMatchObject({ atMs: 1, reason: 'handler-error' });
    expect(stage.began).toHaveLength(1);
  });

  it('repeat a request that is not idempotent only on demand', async () => {
    const careful = createStage(retrying(), fail('reset'));
    await careful.outcome(60_000, { idempotent: false });
    expect(careful.began).toHaveLength(1);
    const bold = createStage(retrying({ idempotentOnly: false }), fail('reset'));
    await bold.outcome(60_000, { idempotent: false });
    expect(bold.began).toHaveLength(3);
  });

  it('never repeat what can be sent only once', async () => {
    const stage = createStage(retrying({ idempotentOnly: false }), fail('reset'));
    await stage.outcome(60_000, { repeatable: false });
    expect(stage.began).toHaveLength(1);
  });

  it('pause at random with full jitter, the same from the same seed', async () => {
    const backoff = { type: 'exponential', baseDelayMs: 100, maxDelayMs: 150 };
    const began = async (): Promise<number[]> => {
      const stage = createStage(retrying({ backoff, maxAttempts: 4 }), fail('refused', 0));
      await stage.outcome();
      return stage.began;
    };
    const first = await began();
    expect(await began()).toEqual(first);
    const pauses = first.slice(1).map((atMs, i) => atMs - (first[i] ?? 0));
    expect(pauses).toHaveLength(3);
    for (const [i, pause] of pauses.entries()) {
      expect(pause).toBeGreaterThan(0);
      expect(pause).toBeLessThan(i === 0 ? 100 : 150);
    }
  });

  it('do not begin a pause that would end after the deadline', async () => {
    const stage = createStage({ ...retrying(), deadlineMs: 150 }, fail('refused'));
    expect(await stage.outcome()).toMatchObject({ atMs: 102, reason: 'refused' });
    expect(stage.began).toEqual([0, 101]);
  });

  it('spend a budget that each request fills by its ratio', async () => {
    const budget = { ratio: 0.5, minPerSec: 0, burst: 2 };
    const stage = createStage(retrying({ budget, maxAttempts: 2 }), fail('refused'));
    for (let i = 0; i < 12; i += 1) await stage.outcome(1000);
    // Two are saved up, to which the first two requests can add nothing that is over the rim: 2 + (12 - 1) / 2.
    const { attempts, retries: made, retriesDenied } = stage.counters();
    expect({ attempts, made, retriesDenied }).toEqual({ attempts: 19, made: 7, retriesDenied: 5 });
  });
});

describe('hedging', () => {
  const hedging = { delayMs: 50, maxHedges: 2 };

  it('sends nothing more when the answer comes before its delay', async () => {
    const stage = createStage({ hedging }, 49);
    expect(await stage.outcome()).toMatchObject({ atMs: 49 });
    expect(stage.began).toEqual([0]);
  });

  it('sends one attempt after the other beside the first; the first success wins and the others are broken off', async () => {
    const stage = createStage({ hedging }, never, 500, 20);
    expect(await stage.outcome()).toEqual({ atMs: 120, answer: 'answer of attempt 3' });
    expect(stage.began).toEqual([0, 50, 100]);
    expect(stage.brokenOff).toEqual([120, 120]);
    expect(stage.counters()).toMatchObject({ policedRequests: 1, attempts: 3, hedges: 2, hedgesWon: 1 });
  });

  it('fails only when all have failed', async () => {
    const stage = createStage({ hedging: { delayMs: 50, maxHedges: 1 } }, fail('reset', 60), 100);
    expect(await stage.outcome()).toEqual({ atMs: 150, answer: 'answer of attempt 2' });
    const all = createStage({ hedging: { delayMs: 50, maxHedges: 1 } }, fail('reset', 60), fail('timeout', 100));
    expect(await all.outcome()).toMatchObject({ atMs: 150, reason: 'timeout' });
  });

  it('never repeats what is not idempotent', async () => {
    const stage = createStage({ hedging }, 500);
    await stage.outcome(60_000, { idempotent: false });
    expect(stage.began).toHaveLength(1);
  });
});

describe('a circuit breaker', () => {
  const circuitBreaker = { trip: { type: 'consecutive' as const, failures: 3 }, openMs: 1000, halfOpenProbes: 1 };

  it('fails at once while it is open, and tries again later', async () => {
    const stage = createStage({ circuitBreaker }, fail('timeout'), fail('timeout'), fail('timeout'), 5);
    for (let i = 0; i < 3; i += 1) await stage.outcome(1);
    expect(stage.gauges()).toEqual({ breakerState: 2 });
    expect(await stage.outcome(0)).toEqual({ atMs: 3, reason: 'breaker-open', hop: 'shop-auth' });
    expect(stage.began).toHaveLength(3);
    await stage.clock.advance(1000);
    expect(stage.gauges()).toEqual({ breakerState: 1 });
    expect(await stage.outcome(5)).toMatchObject({ answer: 'answer of attempt 1' });
    expect(stage.gauges()).toEqual({ breakerState: 0 });
    expect(stage.counters()).toMatchObject({ attempts: 4, breakerRejected: 1, breakerOpened: 1 });
  });

  it('does not blame the target for a wrong address', async () => {
    const stage = createStage({ circuitBreaker }, fail('no-route'));
    for (let i = 0; i < 10; i += 1) await stage.outcome(1);
    expect(stage.gauges()).toEqual({ breakerState: 0 });
  });

  it("counts what the edge's own deadline cut off, not what a caller's did", async () => {
    const own = createStage({ circuitBreaker, deadlineMs: 10 }, never);
    for (let i = 0; i < 3; i += 1) await own.outcome(10);
    expect(own.gauges()).toEqual({ breakerState: 2 });
    const callers = createStage({ circuitBreaker }, never);
    for (let i = 0; i < 3; i += 1) await callers.outcome(10, { deadlineMs: callers.clock.now() + 10 });
    expect(callers.gauges()).toEqual({ breakerState: 0 });
  });

  it('turns away what still waited for a place in the bulkhead when it opened', async () => {
    const trip = { type: 'consecutive' as const, failures: 1 };
    const stage = createStage(
      { circuitBreaker: { ...circuitBreaker, trip }, bulkhead: { maxConcurrent: 1, maxQueued: 5 } },
      fail('timeout', 30),
    );
    const outcomes = [stage.request(), stage.request(), stage.request()];
    await stage.clock.advance(30);
    expect((await Promise.all(outcomes)).map(({ reason }) => reason)).toEqual([
      'timeout',
      'breaker-open',
      'breaker-open',
    ]);
    expect(stage.gauges()).toMatchObject({ bulkheadBusy: 0, bulkheadWaiting: 0 });
  });
});

describe('a bulkhead', () => {
  it('bounds what is under way, lets some wait, and turns the rest away', async () => {
    const stage = createStage({ bulkhead: { maxConcurrent: 2, maxQueued: 3 } }, 10);
    const outcomes = Array.from({ length: 6 }, () => stage.request());
    await stage.clock.advance(100);
    expect((await Promise.all(outcomes)).map(({ atMs, reason }) => reason ?? atMs)).toEqual([
      10,
      10,
      20,
      20,
      30,
      'queue-full',
    ]);
    expect(stage.mostUnderWay()).toBe(2);
    expect(stage.counters()).toMatchObject({ attempts: 5, bulkheadRejected: 1 });
  });

  it('gives no place to a request whose deadline passed while it waited', async () => {
    const stage = createStage({ bulkhead: { maxConcurrent: 1, maxQueued: 5 }, deadlineMs: 15 }, 40, 1);
    const outcomes = [stage.request(), stage.request()];
    await stage.clock.advance(100);
    expect(await Promise.all(outcomes)).toMatchObject([
      { atMs: 15, reason: 'expired' },
      { atMs: 15, reason: 'expired' },
    ]);
    expect(stage.gauges()).toEqual({ bulkheadBusy: 0, bulkheadWaiting: 0 });
  });
});

describe('a rate limiter', () => {
  it('throttles what exceeds its rate', async () => {
    const stage = createStage({ rateLimiter: { ratePerSec: 10, burst: 3 } }, 0);
    const outcomes = [];
    for (let i = 0; i < 200; i += 1) outcomes.push(await stage.outcome(10));
    // 2 s at 10 a second, and a burst of 3.
    expect(outcomes.filter(({ answer }) => answer)).toHaveLength(22);
    expect(outcomes.find(({ reason }) => reason)).toMatchObject({ reason: 'throttled', hop: 'shop-auth' });
    expect(stage.counters()).toMatchObject({ attempts: 22, throttled: 178 });
  });
});

describe('a fallback', () => {
  const fallback = { status: 200, body: 'something else' };

  it('answers when all else has failed', async () => {
    const stage = createStage({ ...retrying(), fallback }, fail('refused'));
    expect(await stage.outcome()).toEqual({ atMs: 203, answer: 'something else' });
    expect(stage.counters()).toMatchObject({ attempts: 3, fallbacks: 1 });
  });

  it('answers at once while the breaker is open, and at the deadline', async () => {
    const trip = { type: 'consecutive' as const, failures: 1 };
    const open = createStage(
      { circuitBreaker: { trip, openMs: 60_000, halfOpenProbes: 1 }, fallback },
      fail('timeout', 30),
    );
    expect(await open.outcome(30)).toEqual({ atMs: 30, answer: 'something else' });
    expect(await open.outcome(0)).toEqual({ atMs: 30, answer: 'something else' });
    const late = createStage({ deadlineMs: 40, fallback }, never);
    expect(await late.outcome()).toEqual({ atMs: 40, answer: 'something else' });
  });

  it('has no effect where a protocol cannot say it', async () => {
    const stage = createStage({ fallback }, fail('refused'));
    const outcome = stage.policies.execute({
      idempotent: true,
      attempt: () => Promise.reject(new CallFailure('refused', 'auth', '')),
    });
    await expect(outcome).rejects.toMatchObject({ reason: 'refused' });
    expect(stage.counters()).toMatchObject({ fallbacks: 0 });
  });
});

describe('a changed edge', () => {
  const circuitBreaker = { trip: { type: 'consecutive' as const, failures: 1 }, openMs: 1000, halfOpenProbes: 1 };

  it('keeps what a breaker knows unless the breaker itself is another', async () => {
    const { policies, edge, gauges, counters, outcome } = createStage({ circuitBreaker }, fail('reset'));
    await outcome(1);
    const wired = { protocol: 'http' as const, ports: [] };
    policies.update({ ...edge, ...wired, config: { ...edge.config, timeoutMs: 5 } });
    expect(gauges()).toEqual({ breakerState: 2 });
    policies.update({
      ...edge,
      ...wired,
      config: { ...edge.config, circuitBreaker: { ...circuitBreaker, openMs: 7 } },
    });
    expect(gauges()).toEqual({ breakerState: 0 });
    policies.update({ ...edge, ...wired, config: { ...edge.config, circuitBreaker: null } });
    expect(policies.concern(never)).toBe(false);
    // Counters never fall: what was counted stays counted.
    expect(counters()).toMatchObject({ attempts: 1, breakerOpened: 1 });
  });
});
