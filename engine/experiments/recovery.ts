import type { Recording } from '../metrics/recording.ts';
import type { TimeRange } from '../metrics/source-recording.ts';
import { type Probe, routeOf } from '../model/experiment.ts';
import { probeDefinition } from '../model/probe.ts';
import { boundsOf } from '../model/tolerance.ts';
import { SLICE_MS } from '../process-kit/protocol.ts';
import { holdsAt } from './judge-looks.ts';
import type { RecordedLook } from './looks.ts';
import { holdsIn, measure, surelyBroken } from './probes.ts';
import { wilsonInterval } from './statistics.ts';

/** A window holds about as many requests as this of the route that has the fewest. */
const WINDOW_SAMPLES = 10;
const MIN_WINDOW_MS = 1000;
const MAX_WINDOW_MS = 5000;

/** How long the sliding window must be, by what came in the steady state. */
export function slidingWindowMs(recording: Recording, probes: readonly Probe[], steadyState: TimeRange): number {
  const slowestPerSec = Math.min(
    ...probes.map((probe) => recording.rates({ range: steadyState, route: routeOf(probe.measure) }).arrivalsPerSec),
  );
  return Math.min(MAX_WINDOW_MS, Math.max(MIN_WINDOW_MS, (WINDOW_SAMPLES / slowestPerSec) * 1000));
}

/** Requests came and none of them was served: not even a probe of latency may overlook that. */
function outage(recording: Recording, range: TimeRange, route: string | undefined): boolean {
  const { ok, issued, dropped } = recording.tally({ range, route });
  return ok === 0 && wilsonInterval(0, issued + dropped).high < 0.5;
}

/**
 * The first time from which the steady state holds and stays: in the window that begins there each probe holds,
 * and no later window breaks one of them by more than chance explains. A single slow request in a short window
 * is no relapse; the probes of the phase `after` judge the whole time that follows.
 * Null when there is no such time before `range.toMs`.
 */
export function findRecovery(
  recording: Recording,
  probes: readonly Probe[],
  range: TimeRange,
  windowMs: number,
): number | null {
  let recoveredAtMs: number | null = null;
  for (let fromMs = range.fromMs; fromMs + windowMs <= range.toMs; fromMs += SLICE_MS) {
    const window = { fromMs, toMs: fromMs + windowMs };
    let holds = true;
    for (const probe of probes) {
      const measurement = measure(recording, probe.measure, window);
      const bounds = boundsOf(probe.tolerance);
      if (holdsIn(measurement, bounds)) continue;
      holds = false;
      if (surelyBroken(measurement, bounds) || outage(recording, window, routeOf(probe.measure))) recoveredAtMs = null;
    }
    // The piece of a slice before the first whole one was not looked at: it does not count as recovered.
    if (holds) recoveredAtMs ??= recording.firstSliceAtMs(window);
  }
  return recoveredAtMs;
}

/** The beginning of the first look from which on all of them hold; null where the newest does not, or there is none. */
export function looksHoldFrom(
  probe: Probe,
  looks: readonly RecordedLook[],
  range: TimeRange,
  before: unknown,
): number | null {
  const { over } = probeDefinition(probe.measure.type) ?? {};
  // What is summed up over a time says nothing at a moment.
  if (over?.(probe.measure) === 'sum') return range.fromMs;
  const within = looks.filter(({ fromMs, toMs }) => fromMs >= range.fromMs && toMs <= range.toMs);
  const broken = within.findLastIndex((look) => !holdsAt(probe, look, before));
  return within[broken + 1]?.fromMs ?? null;
}
