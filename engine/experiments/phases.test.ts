import { describe, expect, it } from 'vitest';
import { experimentPlan, faultWindow, measuredWindow, remainingMs } from './phases.ts';
import { failed, ok, recordTraffic, START_MS } from './recorded-traffic.fixture.ts';
import { killExperiment } from './scripted-world.fixture.ts';

describe('the window of a fault', () => {
  const status = {
    id: 'kill-1',
    fault: 'kill',
    target: { node: 'shop', replica: 0 },
    parameters: {},
    course: { probability: 1 },
    seed: 1,
    active: false,
    activations: 1,
    nextAtMs: null,
    state: 'off' as const,
    startedAtMs: START_MS + 1000,
    expiresAtMs: START_MS + 20_000,
    endedAtMs: START_MS + 5500,
    endedBy: 'cleared' as const,
    proofOfEffect: { holds: true, evidence: '', atMs: START_MS + 2000 },
    proofOfRemoval: null,
    error: null,
  };

  it('is from the proof to the beginning of the removal, or to an earlier end', () => {
    expect(faultWindow({ status, removalBeganAtMs: START_MS + 5000 })).toEqual({
      fromMs: START_MS + 2000,
      toMs: START_MS + 5000,
    });
    const early = { ...status, endedAtMs: START_MS + 4000 };
    expect(faultWindow({ status: early, removalBeganAtMs: START_MS + 5000 })?.toMs).toBe(START_MS + 4000);
    expect(faultWindow({ status: { ...status, proofOfEffect: null }, removalBeganAtMs: START_MS + 5000 })).toBeNull();
    expect(faultWindow({ status, removalBeganAtMs: null })).toBeNull();
  });

  it('loses at its end what its slowest request took, but never more than its half', () => {
    const window = { fromMs: START_MS + 2000, toMs: START_MS + 6000 };
    const refused = recordTraffic((sinceMs) => (sinceMs >= 2000 && sinceMs < 6000 ? failed : ok));
    const hanging = (ms: number) =>
      recordTraffic((sinceMs) =>
        sinceMs >= 2000 && sinceMs < 6000 ? { type: 'failed', failure: 'timeout@shop', afterMs: ms } : ok,
      );
    expect(measuredWindow(refused, window).toMs).toBeGreaterThanOrEqual(START_MS + 5900);
    expect(measuredWindow(hanging(1000), window).toMs).toBe(START_MS + 5000);
    expect(measuredWindow(hanging(3000), window).toMs).toBe(START_MS + 4000);
  });
});

describe('the plan', () => {
  it('adds up to its phases, and holds what the experiment asks for', () => {
    const experiment = killExperiment({ warmUpMs: 1000, steadyStateMs: 4000 });
    const { totalMs, phases } = experimentPlan(experiment);
    const durations = Object.fromEntries(phases.map(({ phase, durationMs }) => [phase, durationMs]));
    expect(durations).toMatchObject({ 'warm-up': 1000, 'steady-state': 4000, done: 0 });
    expect(durations.method).toBeGreaterThanOrEqual(3000);
    expect(durations.recovery).toBeGreaterThanOrEqual(4000);
    expect(phases.reduce((sum, { durationMs }) => sum + durationMs, 0)).toBe(totalMs);
  });

  it('knows what is left when a phase begins', () => {
    const experiment = killExperiment();
    expect(remainingMs(experiment, 'starting')).toBe(experimentPlan(experiment).totalMs);
    expect(remainingMs(experiment, 'warm-up') - remainingMs(experiment, 'steady-state')).toBe(experiment.warmUpMs);
    expect(remainingMs(experiment, 'done')).toBe(0);
  });
});
