import { expect, test } from 'vitest';
import { type Scenario, scenarioSchema } from '../../engine/model/scenario.ts';
import { scenarioCourses } from './scenario-course.ts';

const routes = [{ path: '/' }];
const scenario = (...traffic: object[]): Scenario =>
  scenarioSchema.parse({
    name: 'mixed',
    durationMs: 10_000,
    traffic: traffic.map((source) => ({ client: 'client', routes, ...source })),
  });

const highest = (of: Scenario): Record<string, number> =>
  Object.fromEntries(
    scenarioCourses(of).map(({ unit, points }) => [unit, Math.max(...points.map(({ value }) => value))]),
  );

test('rates of several sources add up, and users are shown for themselves', () => {
  const rates = scenario(
    { executor: 'constant-arrival-rate', ratePerSec: 30 },
    { executor: 'constant-arrival-rate', ratePerSec: 12, startTimeMs: 5000 },
    { executor: 'constant-vus', vus: 4 },
  );
  expect(highest(rates)).toEqual({ 'iterations/s': 42, VUs: 4 });
  const [arrivals] = scenarioCourses(rates);
  expect(arrivals?.points[0]).toEqual({ atMs: 0, value: 30 });
});

test('what is being typed and makes no sense yet, or is in a file, is left out', () => {
  const typing = scenario({ executor: 'spike', baseRatePerSec: 10, peakRatePerSec: 90, spikeAtMs: 2000, holdMs: 1000 });
  const [source] = typing.traffic;
  const broken = { ...source, ratePerSec: 'much' } as unknown as Scenario['traffic'][number];
  expect(highest({ ...typing, traffic: [...typing.traffic, broken] })).toEqual({ 'iterations/s': 90 });
  expect(scenarioCourses(scenario({ executor: 'replay', trace: { from: 'file', path: 'x' } }))).toEqual([]);
});
