import { describe, expect, it } from 'vitest';
import { failed, ok, recordTraffic, START_MS } from './recorded-traffic.fixture.ts';
import { findRecovery, slidingWindowMs } from './recovery.ts';

describe('the recovery', () => {
  const probes = [{ name: 'served', measure: { type: 'success-ratio' } as const, tolerance: { min: 0.99 } }];
  const from = (ms: number) => ({ fromMs: START_MS + ms, toMs: START_MS + 10_000 });

  it('is the first time from which the hypothesis holds', () => {
    const recording = recordTraffic((sinceMs) => (sinceMs < 3240 ? failed : ok));
    expect(findRecovery(recording, probes, from(2000), 1000)).toBe(START_MS + 3300);
  });

  it('is never earlier than what was looked at: the whole slices', () => {
    const recording = recordTraffic((sinceMs) => (sinceMs < 2080 ? failed : ok));
    expect(findRecovery(recording, probes, from(2030), 1000)).toBe(START_MS + 2100);
  });

  it('is at once where nothing was wrong', () => {
    expect(
      findRecovery(
        recordTraffic(() => ok),
        probes,
        from(2000),
        1000,
      ),
    ).toBe(START_MS + 2000);
  });

  it('begins again after a relapse, but not after one unlucky request', () => {
    const relapsing = recordTraffic((sinceMs) => (sinceMs < 3000 || (sinceMs >= 6000 && sinceMs < 6500) ? failed : ok));
    expect(findRecovery(relapsing, probes, from(2000), 1000)).toBe(START_MS + 6500);
    const unlucky = recordTraffic((sinceMs) => (sinceMs < 3000 || sinceMs === 6000 || sinceMs === 6010 ? failed : ok));
    expect(findRecovery(unlucky, probes, from(2000), 1000)).toBe(START_MS + 3000);
  });

  it('does not exist where the hypothesis never holds, or was never seen to hold for a whole window', () => {
    expect(
      findRecovery(
        recordTraffic(() => failed),
        probes,
        from(2000),
        1000,
      ),
    ).toBeNull();
    expect(
      findRecovery(
        recordTraffic((sinceMs) => (sinceMs < 9500 ? failed : ok)),
        probes,
        from(2000),
        1000,
      ),
    ).toBeNull();
  });

  it('takes an outage for a relapse even where only latencies are probed', () => {
    const fast = [{ name: 'fast', measure: { type: 'latency', percentile: 90 } as const, tolerance: { max: 50 } }];
    const recording = recordTraffic((sinceMs) => (sinceMs >= 5000 && sinceMs < 7000 ? failed : ok));
    expect(findRecovery(recording, fast, from(2000), 1000)).toBeGreaterThanOrEqual(START_MS + 6000);
  });

  it('is looked for in windows that hold some requests of the rarest route', () => {
    const steady = { fromMs: START_MS, toMs: START_MS + 5000 };
    expect(
      slidingWindowMs(
        recordTraffic(() => ok),
        probes,
        steady,
      ),
    ).toBe(1000);
    expect(
      slidingWindowMs(
        recordTraffic(() => ok, 5),
        probes,
        steady,
      ),
    ).toBe(2000);
    expect(
      slidingWindowMs(
        recordTraffic(() => ok, 1),
        probes,
        steady,
      ),
    ).toBe(5000);
  });
});
