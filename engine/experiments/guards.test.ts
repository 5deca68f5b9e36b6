import { describe, expect, it } from 'vitest';
import { createRecording } from '../metrics/recording.ts';
import { createScriptedClient, plannedAt } from '../metrics/scripted-client.fixture.ts';
import { runWarnings, trafficProblems } from './guards.ts';
import { allTime, ok, recordTraffic, START_MS } from './recorded-traffic.fixture.ts';
import { shop } from './scripted-world.fixture.ts';

describe('the guard of the traffic', () => {
  const scenario = (ratePerSec: number, arrivals: 'uniform' | 'poisson') => {
    const planned = structuredClone(shop.scenarios[0]);
    const source = planned?.traffic[0];
    if (!planned || !source) throw new Error('The shop has a scenario.');
    Object.assign(source, { ratePerSec, arrivals });
    return planned;
  };
  const sent = (ratePerSec: number, outcome = ok) => {
    const client = createScriptedClient({
      startedAtMs: START_MS,
      ratePerSec,
      routes: ['GET /orders'],
      outcome: () => outcome,
    });
    const recording = createRecording([{ ...client.source, planned: plannedAt(100) }]);
    recording.add('visitors', client.frameAt(START_MS + 10_000), START_MS + 10_000);
    return recording;
  };

  it('asks for 95 % of the planned rate, and grants Poisson arrivals their chance', () => {
    expect(trafficProblems(sent(96), scenario(100, 'uniform'), allTime)).toEqual([]);
    expect(trafficProblems(sent(94), scenario(100, 'uniform'), allTime)).toHaveLength(1);
    expect(trafficProblems(sent(94), scenario(100, 'poisson'), allTime)).toEqual([]);
    expect(trafficProblems(sent(80), scenario(100, 'poisson'), allTime)).toHaveLength(1);
  });

  it('has nothing against one dropped arrival in a hundred', () => {
    const dropping = (every: number) => recordTraffic((sinceMs) => (sinceMs % every === 0 ? { type: 'dropped' } : ok));
    expect(trafficProblems(dropping(1000), scenario(100, 'uniform'), allTime)).toEqual([]);
    expect(trafficProblems(dropping(500), scenario(100, 'uniform'), allTime)[0]).toMatch(
      /had to drop 20 of 1000 arrivals/,
    );
  });
});

describe('what to know of a run', () => {
  const warnings = (recording: ReturnType<typeof recordTraffic>, busy: string | null = null) =>
    runWarnings(recording, allTime, () => busy);

  it('is nothing for enough calm traffic', () => {
    const recording = createRecording([]);
    expect(warnings(recording)).toEqual([expect.stringContaining('fewer than 10')]);
    expect(warnings(recordTraffic(() => ok, 1100))).toEqual([]);
  });

  it('is what was dropped, a busy machine, and percentiles that rest on too little', () => {
    const dropping = recordTraffic((sinceMs) => (sinceMs % 100 === 0 ? { type: 'dropped' } : ok));
    expect(warnings(dropping, 'its processors were in use for 99 % of the time')).toEqual([
      expect.stringMatching(/dropped 100 of 1000 arrivals/),
      expect.stringContaining('too busy to measure'),
      expect.stringContaining('p99'),
    ]);
  });
});
