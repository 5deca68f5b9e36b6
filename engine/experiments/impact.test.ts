import { describe, expect, it } from 'vitest';
import { experimentSchema } from '../model/experiment.ts';
import { measureImpact } from './impact.ts';
import type { Effects } from './observation.ts';
import { allTime, failed, ok, recordTraffic, START_MS } from './recorded-traffic.fixture.ts';

const at = (fromMs: number, toMs: number) => ({ fromMs: START_MS + fromMs, toMs: START_MS + toMs });

/** Ten seconds of traffic: steady until 3 s, an effect from 4 s to 6 s, back at `recoveredMs`. */
function observed(
  outcome: Parameters<typeof recordTraffic>[0],
  changes: { probes?: object[]; slo?: object; recoveredMs?: number | null; effects?: Effects['effects'] } = {},
): Effects {
  const {
    probes = [{ name: 'served', measure: { type: 'success-ratio' }, tolerance: { min: 0.99 } }],
    recoveredMs = 6000,
  } = changes;
  const experiment = experimentSchema.parse({
    name: 'outage',
    title: 'An outage',
    scenario: 'busy',
    steadyStateHypothesis: { title: 'It serves', probes },
    method: [{ type: 'wait', durationMs: 1000 }],
    ...(changes.slo && { slo: changes.slo }),
  });
  const counted = (orders: number) => ({ orders: { state: 'ready', requests: 1000, errors: orders } });
  const marks = [0, 3000, 4000, 6000, 8000, 10_000].map((ms) => ({ atMs: START_MS + ms, nodes: counted(0) }));
  return {
    experiment,
    recording: recordTraffic(outcome),
    timeline: { steadyState: at(0, 3000), recovery: at(6000, 10_000), faults: [], changes: [], marks },
    looksOf: () => [],
    effects: changes.effects ?? [{ id: 'fault-1', on: at(4000, 6000) }],
    recoveredAtMs: recoveredMs === null ? null : START_MS + recoveredMs,
  } as unknown as Effects;
}

const isOut = (ms: number): boolean => ms >= 4250 && ms < 6000;

describe('the impact of a method', () => {
  it('is noticed at the end of the first slice that chance does not explain', () => {
    const impact = measureImpact(observed((ms) => (isOut(ms) ? failed : ok)));
    // The slice from 4200 to 4300 ms is the first with failures.
    expect(impact?.timeToDetectMs).toBe(300);
    expect(impact?.detections).toEqual([{ fault: 'fault-1', timeToDetectMs: 300, by: 'served' }]);
    expect(impact?.timeToRecoverMs).toBe(2000);
    expect(impact?.window).toEqual(at(4000, 6000));
  });

  it('is not noticed for one unlucky request, nor where no probe looks', () => {
    expect(measureImpact(observed((ms) => (ms === 4500 ? failed : ok)))?.timeToDetectMs).toBeNull();
    const onlyUsers = [
      { name: 'users', measure: { type: 'success-ratio', route: 'GET /users' }, tolerance: { min: 0.99 } },
    ];
    const impact = measureImpact(
      observed((ms, route) => (isOut(ms) && route === 0 ? failed : ok), { probes: onlyUsers }),
    );
    expect(impact?.timeToDetectMs).toBeNull();
    expect(impact?.failed).toBeGreaterThan(50);
  });

  it('counts availability and the error budget over the time until the recovery', () => {
    const impact = measureImpact(observed((ms) => (isOut(ms) ? failed : ok), { slo: { successRatio: 0.9 } }));
    // 100 requests a second for two seconds, of which those of 1.75 s failed.
    expect(impact).toMatchObject({ requests: 200, failed: 175, availability: 25 / 200 });
    expect(impact?.errorBudget).toMatchObject({ objective: 0.9, from: 'experiment', failed: 175 });
    expect(impact?.errorBudget?.spent).toBeCloseTo(175 / 20, 6);
  });

  it('takes the objective of the hypothesis where the experiment has none', () => {
    const impact = measureImpact(observed((ms) => (isOut(ms) ? failed : ok)));
    expect(impact?.errorBudget).toMatchObject({ objective: 0.99, from: 'hypothesis' });
  });

  it('names the routes that surely failed more often, and no others', () => {
    const impact = measureImpact(observed((ms, route) => (isOut(ms) && route === 0 ? failed : ok)));
    expect(impact?.blastRadius.routes).toMatchObject({ affected: ['GET /orders'], share: 0.5 });
    expect(impact?.blastRadius.routes.of.toSorted()).toEqual(['GET /orders', 'GET /users']);
  });

  it('lasts to the end of what was observed where nothing recovered', () => {
    const impact = measureImpact(observed((ms) => (ms >= 4250 ? failed : ok), { recoveredMs: null }));
    expect(impact?.timeToRecoverMs).toBeNull();
    expect(impact?.window).toEqual(at(4000, 10_000));
    expect(impact?.window.toMs).toBe(allTime.toMs);
  });

  it('does not exist where nothing had an effect', () => {
    expect(measureImpact(observed(() => ok, { effects: [] }))).toBeNull();
  });
});
