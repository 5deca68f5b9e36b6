import type { Recording } from '../metrics/recording.ts';
import type { TimeRange } from '../metrics/source-recording.ts';
import type { Scenario } from '../model/scenario.ts';
import { poissonInterval } from './statistics.ts';

const MAX_DROPPED_RATIO = 0.01;
const MIN_ISSUED_RATIO = 0.95;

/**
 * Why the traffic was not what the scenario asks for while nothing was wrong; empty when it was.
 * Then the machine or the topology is too slow for this rate, and no outcome would say anything about a fault.
 */
export function trafficProblems(recording: Recording, scenario: Scenario, steadyState: TimeRange): string[] {
  const problems: string[] = [];
  const { issued, dropped } = recording.tally({ range: steadyState });
  if (dropped > MAX_DROPPED_RATIO * (issued + dropped)) {
    problems.push(
      `The client had to drop ${dropped} of ${issued + dropped} arrivals before anything was wrong; lower the rate.`,
    );
  }
  const { plannedPerSec, issuedPerSec } = recording.rates({ range: steadyState });
  // Where the answers decide how many requests there are, there is no rate to keep.
  if (plannedPerSec === null) return problems;
  const planned = (plannedPerSec * (steadyState.toMs - steadyState.fromMs)) / 1000;
  const atLeast = MIN_ISSUED_RATIO * planned;
  // Poisson arrivals are never exactly as many as planned, however fast the machine is.
  const poisson = scenario.traffic.some((source) => 'arrivals' in source && source.arrivals === 'poisson');
  const ratio = plannedPerSec > 0 ? issuedPerSec / plannedPerSec : 0;
  if (ratio * planned < (poisson ? poissonInterval(atLeast).low : atLeast)) {
    problems.push(
      `The client sent ${issuedPerSec.toFixed(1)} of ${Number(plannedPerSec.toFixed(1))} requests per second before anything was wrong; lower the rate.`,
    );
  }
  return problems;
}
