import { describe, expect, it } from 'vitest';
import type { RunResult } from '../api/types.ts';
import type { Recording } from '../metrics/recording.ts';
import type { Measure, Tolerance } from '../model/experiment.ts';
import { holdsIn, judgeProbe, marginOf, measure, surelyBroken } from './probes.ts';
import { allTime, failed, ok, recordTraffic, START_MS } from './recorded-traffic.fixture.ts';

const ratio: Measure = { type: 'success-ratio' };
const judge = (recording: Recording, what: Measure, tolerance: Tolerance) =>
  judgeProbe(recording, { name: 'probe', measure: what, tolerance }, { phase: 'before', fault: null, window: allTime });

describe('a probe', () => {
  it('of success counts dropped and failed requests as not served', () => {
    const recording = recordTraffic((sinceMs) =>
      sinceMs % 100 === 0 ? { type: 'dropped' } : sinceMs % 100 === 10 ? failed : ok,
    );
    expect(judge(recording, ratio, { min: 0.75 })).toMatchObject({
      value: 0.8,
      samples: 1000,
      unit: 'ratio',
      holds: true,
      inconclusive: null,
    });
    expect(judge(recording, ratio, { min: 0.75 }).margin).toBeCloseTo(0.05, 12);
  });

  it('of one route sees only that route', () => {
    const recording = recordTraffic((_, route) => (route === 0 ? ok : failed));
    expect(measure(recording, { ...ratio, route: 'GET /orders' }, allTime)).toMatchObject({ value: 1, samples: 500 });
    expect(measure(recording, { ...ratio, route: 'GET /users' }, allTime)).toMatchObject({ value: 0, samples: 500 });
  });

  it('of latency is a percentile of the successful requests', () => {
    const recording = recordTraffic((sinceMs) => (sinceMs % 100 === 0 ? { type: 'ok', latencyMs: 200 } : ok));
    const p50 = measure(recording, { type: 'latency', percentile: 50 }, allTime);
    const p95 = measure(recording, { type: 'latency', percentile: 95 }, allTime);
    expect(p50.value).toBeCloseTo(10, 0);
    expect(p95.value).toBeCloseTo(200, 0);
    expect(p95).toMatchObject({ samples: 1000, minimumSamples: 200, unit: 'ms' });
  });

  it('of throughput counts successful requests per second of whole slices', () => {
    const recording = recordTraffic((_, route) => (route === 0 ? ok : failed));
    expect(measure(recording, { type: 'throughput' }, { fromMs: START_MS + 50, toMs: START_MS + 5030 })).toMatchObject({
      value: 50,
      unit: 'per second',
    });
  });

  it('holds on its bounds, and its margin is the distance to the nearest', () => {
    expect(marginOf(0.5, { min: 0.5, max: 0.9 })).toBe(0);
    expect(marginOf(7, { min: 0, max: 10 })).toBe(3);
    expect(marginOf(12, { max: 10 })).toBe(-2);
    const recording = recordTraffic(() => ok);
    expect(judge(recording, ratio, { min: 1 })).toMatchObject({ holds: true, margin: 0 });
  });

  it('without any sample neither holds nor concludes', () => {
    const recording = recordTraffic(() => failed);
    expect(judge(recording, { type: 'latency', percentile: 50 }, { max: 100 })).toMatchObject({
      value: null,
      margin: null,
      holds: false,
      inconclusive: expect.stringContaining('0 of the 30 samples'),
    });
  });

  it('is surely broken only when chance cannot explain it', () => {
    const recording = recordTraffic((sinceMs) =>
      sinceMs === 5000 || (sinceMs >= 8000 && sinceMs < 8300) ? failed : ok,
    );
    const oneUnlucky = measure(recording, ratio, { fromMs: START_MS + 4900, toMs: START_MS + 5100 });
    const outage = measure(recording, ratio, { fromMs: START_MS + 7500, toMs: START_MS + 8500 });
    expect([holdsIn(oneUnlucky, { min: 0.99 }), surelyBroken(oneUnlucky, { min: 0.99 })]).toEqual([false, false]);
    expect([holdsIn(outage, { min: 0.99 }), surelyBroken(outage, { min: 0.99 })]).toEqual([false, true]);
  });
});

describe('a probe of a deploy', () => {
  const deployed = {
    deploys: [
      { node: 'shop', leadTimeMs: 1, rollback: null, processes: { started: 9 }, impact: null },
      {
        ...{ node: 'shop', leadTimeMs: 3200, pipeline: { modules: 4 }, processes: { started: 2, stopped: 2 } },
        ...{ rollback: { durationMs: 400 }, impact: { failed: 17 } },
      },
      { node: 'orders', leadTimeMs: null, rollback: null, processes: { started: 1 }, impact: null },
    ],
  } as unknown as RunResult;
  const judgeDeploy = (node: string, read: 'lead-time' | 'rollback-time' | 'modules' | 'started' | 'failed') =>
    judgeProbe(
      recordTraffic(() => ok),
      { name: 'deploy', measure: { type: 'deploy', node, read }, tolerance: { min: 0 } },
      { phase: 'during', fault: 'deploy-1', window: allTime },
      deployed,
    );

  it('reads the last one of its node', () => {
    expect(judgeDeploy('shop', 'lead-time')).toMatchObject({ value: 3200, unit: 'ms', holds: true });
    expect(judgeDeploy('shop', 'rollback-time').value).toBe(400);
    expect(judgeDeploy('shop', 'started')).toMatchObject({ value: 2, unit: 'count' });
    expect(judgeDeploy('shop', 'modules')).toMatchObject({ value: 4, unit: 'count' });
    expect(judgeDeploy('shop', 'failed').value).toBe(17);
  });

  it('does not hold where it did not come to that, and is inconclusive where nothing was deployed', () => {
    expect(judgeDeploy('orders', 'lead-time')).toMatchObject({ value: null, holds: false, inconclusive: null });
    expect(judgeDeploy('users', 'lead-time').inconclusive).toContain('0 of the 1 samples');
  });
});
