import { areaBetween } from '../model/curve.ts';
import { ArchipelError } from '../model/error.ts';
import { planOf } from '../model/executors/index.ts';
import type { Scenario, TrafficSource } from '../model/scenario.ts';

/*
 * A scenario with another load on it: clients, routes, sessions and proportions stay, how much is sent changes.
 */

/** Mean arrivals per second of a source over the scenario; null where the answers decide how many there are. */
function meanRate(source: TrafficSource, { durationMs }: Scenario): number | null {
  const { plan } = planOf(source);
  if (plan.type !== 'arrivals') return null;
  return areaBetween(plan.ratePerSec, 0, durationMs) / durationMs;
}

/** The mean rate of a scenario, per second. */
export const scenarioRate = (scenario: Scenario): number =>
  openSources(scenario).reduce((sum, { rate }) => sum + rate, 0);

type OpenSource = Extract<TrafficSource, { arrivals: unknown }>;

function openSources(scenario: Scenario): { source: OpenSource; rate: number }[] {
  return scenario.traffic.map((source) => {
    const rate = meanRate(source, scenario);
    if (rate !== null && 'arrivals' in source) return { source, rate };
    throw new ArchipelError(
      'document-invalid',
      `The scenario "${scenario.name}" has traffic without a rate of its own (${source.executor}), and this sweep sets the rate.`,
      'Use a scenario whose traffic has arrival rates.',
    );
  });
}

const shared = ({ client, routes, gracefulStopMs }: TrafficSource) => ({
  client,
  routes,
  startTimeMs: 0,
  ...(gracefulStopMs === undefined ? {} : { gracefulStopMs }),
});

const open = (source: OpenSource) => ({
  ...shared(source),
  arrivals: source.arrivals,
  session: source.session,
  ...(source.maxVUs === undefined ? {} : { maxVUs: source.maxVUs }),
});

/** The same mix at a steady rate. */
export function atRate(scenario: Scenario, ratePerSec: number): Scenario {
  const sources = openSources(scenario);
  const all = scenarioRate(scenario);
  return {
    ...scenario,
    traffic: sources.map(({ source, rate }) => ({
      executor: 'constant-arrival-rate',
      ...open(source),
      ratePerSec: (ratePerSec * rate) / all,
    })),
  };
}

/** The same mix at one rate after the other, each for as long, without a pause between them. */
export function inSteps(scenario: Scenario, ratesPerSec: readonly number[], stepMs: number): Scenario {
  const sources = openSources(scenario);
  const all = scenarioRate(scenario);
  return {
    ...scenario,
    durationMs: Math.max(scenario.durationMs, ratesPerSec.length * stepMs),
    traffic: sources.map(({ source, rate }) => ({
      executor: 'ramping-arrival-rate',
      ...open(source),
      startRatePerSec: ((ratesPerSec[0] ?? 0) * rate) / all,
      stages: ratesPerSec.flatMap((step) => {
        const target = { ratePerSec: (step * rate) / all };
        return [
          { durationMs: 0, ...target },
          { durationMs: stepMs, ...target },
        ];
      }),
    })),
  };
}

/** So many users without think time, shared out over the sources, at least one for each. */
export function asUsers(scenario: Scenario, users: number): Scenario {
  const rates = scenario.traffic.map((source) => meanRate(source, scenario) ?? 1);
  const all = rates.reduce((sum, rate) => sum + rate, 0);
  return {
    ...scenario,
    traffic: scenario.traffic.map((source, index) => ({
      executor: 'constant-vus',
      ...shared(source),
      vus: Math.max(1, Math.round((users * (rates[index] ?? 0)) / all)),
      session: { order: 'mix', requests: 1, thinkTime: { type: 'fixed', valueMs: 0 } },
    })),
  };
}
