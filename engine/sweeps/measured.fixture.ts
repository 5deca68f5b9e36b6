import type { Measurement } from '../api/types.ts';

/** What a stretch of five seconds at this rate would be measured to be; all is well unless it is said otherwise. */
export function measuredAt(ratePerSec: number, other: Partial<Measurement> = {}): Measurement {
  const arrivals = Math.round(ratePerSec * 5);
  const ok = other.ok ?? arrivals;
  return {
    window: { fromMs: 0, toMs: 5000 },
    arrivals,
    ok,
    failed: arrivals - ok,
    dropped: 0,
    arrivalsPerSec: arrivals / 5,
    okPerSec: ok / 5,
    answeredPerSec: ok / 5,
    backlogGrowth: 0,
    successRatio: ok / arrivals,
    latencyMs: { p50: 10, p95: 20, p99: 30 },
    latenessP99Ms: 1,
    cpuMsPerRequest: 2,
    rssBytes: 1e8,
    limits: {},
    attemptsPerRequest: null,
    problems: [],
    record: null,
    ...other,
  };
}
