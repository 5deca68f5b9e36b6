import { areaBetween, type Curve, valueAt } from '../curve.ts';
import { planOf, type TrafficSource } from './index.ts';
import type { Plan, Planned, TracedArrival } from './plan.ts';

/** Requests that a source should begin between two times since the start of the scenario; null where the answers decide that. */
export function plannedRequests(
  source: TrafficSource,
  { plan, durationMs }: Planned,
): ((fromMs: number, toMs: number) => number) | null {
  const count = countOf(plan);
  // Of a session only the first request has its time; of a closed model none.
  if (!count || requestsOf(source) !== 1) return null;
  const endMs = durationMs ?? Number.POSITIVE_INFINITY;
  const within = (atMs: number): number => Math.min(Math.max(0, atMs - source.startTimeMs), endMs);
  return (fromMs, toMs) => count(within(fromMs), within(toMs));
}

function countOf(plan: Plan): ((fromMs: number, toMs: number) => number) | null {
  if (plan.type === 'arrivals') return (fromMs, toMs) => areaBetween(plan.ratePerSec, fromMs, toMs) / 1000;
  if (plan.type === 'trace') return (fromMs, toMs) => before(plan.arrivals, toMs) - before(plan.arrivals, fromMs);
  return null;
}

const requestsOf = (source: TrafficSource): number => {
  if (!('session' in source)) return 1;
  return source.session.order === 'sequence' ? source.routes.length : source.session.requests;
};

/** How many arrivals lie before a time. */
function before(arrivals: readonly TracedArrival[], atMs: number): number {
  let low = 0;
  let high = arrivals.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((arrivals[middle] as TracedArrival)[0] < atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What a source is to send over time, as a picture shows it. */
export interface Course {
  unit: 'iterations/s' | 'VUs';
  points: { atMs: number; value: number }[];
}

/** From 0 to `untilMs` of the scenario. Null where it is not known before it is read: a trace in a file. */
export function courseOf(source: TrafficSource, untilMs: number, pointCount = 120): Course | null {
  if ('trace' in source && source.trace.from === 'file') return null;
  const { plan, durationMs } = planOf(source);
  const stepMs = untilMs / pointCount;
  const endMs = source.startTimeMs + (durationMs ?? Number.POSITIVE_INFINITY);
  const points = Array.from({ length: pointCount + 1 }, (_, index) => {
    const atMs = index * stepMs;
    const isOn = atMs >= source.startTimeMs && atMs < endMs;
    return { atMs, value: isOn ? courseValue(plan, atMs - source.startTimeMs, stepMs) : 0 };
  });
  return { unit: plan.type === 'arrivals' || plan.type === 'trace' ? 'iterations/s' : 'VUs', points };
}

function courseValue(plan: Plan, sinceMs: number, stepMs: number): number {
  switch (plan.type) {
    case 'arrivals':
      return valueAt(plan.ratePerSec, sinceMs);
    case 'trace':
      return ((before(plan.arrivals, sinceMs + stepMs) - before(plan.arrivals, sinceMs)) * 1000) / stepMs;
    case 'vus':
      return wholeUsers(plan.vus, sinceMs);
    case 'iterations':
      return plan.vus;
  }
}

const wholeUsers = (curve: Curve, atMs: number): number => Math.round(valueAt(curve, atMs));
