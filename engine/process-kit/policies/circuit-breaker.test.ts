import { describe, expect, it } from 'vitest';
import { createCircuitBreaker, type Permit } from './circuit-breaker.ts';

type Settings = Parameters<typeof createCircuitBreaker>[0];
const consecutive: Settings['trip'] = { type: 'consecutive', failures: 3 };
const ratio: Settings['trip'] = { type: 'failure-ratio', ratio: 0.5, windowMs: 1000, minSamples: 10 };

function breakerWith(settings: Partial<Settings>) {
  const time = { nowMs: 0 };
  const breaker = createCircuitBreaker(
    { trip: consecutive, openMs: 500, halfOpenProbes: 1, ...settings },
    () => time.nowMs,
  );
  const call = (failed: boolean): void => breaker.record(breaker.pass() as Permit, failed);
  const calls = (outcomes: string): void => {
    for (const outcome of outcomes) call(outcome === 'x');
  };
  return { breaker, time, calls };
}

describe('a breaker that counts failures in a row', () => {
  it('opens at the last of them, not when a success comes between', () => {
    const { breaker, calls } = breakerWith({});
    calls('xx.xx');
    expect(breaker.state()).toBe('closed');
    calls('x');
    expect(breaker.state()).toBe('open');
    expect(breaker.pass()).toBeNull();
    expect(breaker.opened()).toBe(1);
  });
});

describe('a breaker that looks at the failure ratio', () => {
  it('stays closed below the least number of samples', () => {
    const { breaker, calls } = breakerWith({ trip: ratio });
    calls('xxxxxxxxx');
    expect(breaker.state()).toBe('closed');
    calls('x');
    expect(breaker.state()).toBe('open');
  });

  it('opens when the ratio is reached, and not below it', () => {
    const { breaker, calls } = breakerWith({ trip: ratio });
    calls('.....'.repeat(2));
    calls('xxxxxxxxx');
    expect(breaker.state()).toBe('closed');
    calls('x');
    expect(breaker.state()).toBe('open');
  });

  it('forgets what is older than the window', () => {
    const { breaker, time, calls } = breakerWith({ trip: ratio });
    calls('xxxxxxxxx');
    time.nowMs = 1100;
    calls('x........');
    expect(breaker.state()).toBe('closed');
  });
});

describe('an open breaker', () => {
  const opened = (settings: Partial<Settings> = {}) => {
    const made = breakerWith(settings);
    made.calls('xxx');
    return made;
  };

  it('is half-open after its open time, and lets so many probes through', () => {
    const { breaker, time } = opened({ halfOpenProbes: 2 });
    time.nowMs = 499;
    expect(breaker.state()).toBe('open');
    time.nowMs = 500;
    expect(breaker.state()).toBe('half-open');
    expect([breaker.pass(), breaker.pass(), breaker.pass()].map((permit) => permit !== null)).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('closes when all probes succeed', () => {
    const { breaker, time, calls } = opened({ halfOpenProbes: 2 });
    time.nowMs = 500;
    calls('.');
    expect(breaker.state()).toBe('half-open');
    calls('.');
    expect(breaker.state()).toBe('closed');
    calls('xx');
    expect(breaker.state()).toBe('closed');
  });

  it('opens anew for its whole time when a probe fails', () => {
    const { breaker, time, calls } = opened();
    time.nowMs = 600;
    calls('x');
    expect(breaker.state()).toBe('open');
    time.nowMs = 1099;
    expect(breaker.pass()).toBeNull();
    time.nowMs = 1100;
    expect(breaker.pass()).not.toBeNull();
    expect(breaker.opened()).toBe(2);
  });

  it('lets another probe through for one that told nothing', () => {
    const { breaker, time } = opened();
    time.nowMs = 500;
    const permit = breaker.pass() as Permit;
    expect(breaker.rejects()).toBe(true);
    breaker.release(permit);
    expect(breaker.rejects()).toBe(false);
  });

  it('takes no notice of calls that began before it opened', () => {
    const { breaker, time, calls } = breakerWith({ halfOpenProbes: 1 });
    const early = [breaker.pass() as Permit, breaker.pass() as Permit];
    calls('xxx');
    breaker.record(early[0] as Permit, false);
    expect(breaker.state()).toBe('open');
    time.nowMs = 500;
    expect(breaker.state()).toBe('half-open');
    breaker.record(early[1] as Permit, true);
    expect(breaker.state()).toBe('half-open');
  });
});
