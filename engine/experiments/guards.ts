import type { Recording } from '../metrics/recording.ts';
import type { TimeRange } from '../metrics/source-recording.ts';
import type { Scenario } from '../model/scenario.ts';
import { poissonInterval } from './statistics.ts';

const MAX_DROPPED_RATIO = 0.01;
const MIN_ISSUED_RATIO = 0.95;
/** Requests that begin later than this say more about the client than about what it measures. */
const MAX_LATENESS_P99_MS = 50;
/** A percentile needs this many values beyond it. */
const VALUES_BEYOND = 10;

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
  const { p99 } = recording.generator(steadyState).latenessMs;
  if (p99 !== null && p99 > MAX_LATENESS_P99_MS)
    problems.push(
      `The client was late: 1 % of its requests began more than ${p99.toFixed(0)} ms after their time (${MAX_LATENESS_P99_MS} are allowed) before anything was wrong; lower the rate.`,
    );
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

/** What to know before the figures of a run without an experiment are believed. Empty: nothing. */
export function runWarnings(
  recording: Recording,
  range: TimeRange,
  hostBusy: (range: TimeRange) => string | null,
): string[] {
  const warnings = recording
    .lostClients()
    .map((client) => `The client ${client} ended in mid-run, so that its traffic is missing.`);
  const { due, dropped, latenessMs } = recording.generator();
  if (dropped > MAX_DROPPED_RATIO * due)
    warnings.push(`The client dropped ${dropped} of ${due} arrivals: the rate is more than what was asked can take.`);
  if (latenessMs.p99 !== null && latenessMs.p99 > MAX_LATENESS_P99_MS)
    warnings.push(
      `1 % of the requests began more than ${latenessMs.p99.toFixed(0)} ms after their time, which their latencies include.`,
    );
  const busy = hostBusy(range);
  if (busy) warnings.push(`The machine was too busy to measure: ${busy}.`);
  const { ok } = recording.tally();
  for (const [percentile, name] of [
    [0.99, 'p99'],
    [0.999, 'p99.9'],
  ] as const)
    if (ok * (1 - percentile) < VALUES_BEYOND) {
      warnings.push(`${name} and beyond rest on fewer than ${VALUES_BEYOND} of the ${ok} answers.`);
      break;
    }
  return warnings;
}
