import type { AbFigure, Measurement, RepeatedFigure } from '../api/types.ts';
import { meanInterval } from '../experiments/statistics/mean-interval.ts';

/** What is compared of measurements, and which way is better. */
export const figures: readonly {
  name: AbFigure['name'];
  unit: AbFigure['unit'];
  better: AbFigure['better'];
  /** Compared by its ratio; else by its difference. */
  isRelative: boolean;
  of(measured: Measurement): number | null;
}[] = [
  { name: 'p50', unit: 'ms', better: 'lower', isRelative: true, of: ({ latencyMs }) => latencyMs.p50 },
  { name: 'p95', unit: 'ms', better: 'lower', isRelative: true, of: ({ latencyMs }) => latencyMs.p95 },
  { name: 'p99', unit: 'ms', better: 'lower', isRelative: true, of: ({ latencyMs }) => latencyMs.p99 },
  { name: 'throughput', unit: 'per second', better: 'higher', isRelative: true, of: ({ okPerSec }) => okPerSec },
  { name: 'success', unit: 'ratio', better: 'higher', isRelative: false, of: ({ successRatio }) => successRatio },
  {
    name: 'cpu-per-request',
    unit: 'ms',
    better: 'lower',
    isRelative: true,
    of: ({ cpuMsPerRequest }) => cpuMsPerRequest,
  },
];

/** A mean with its interval; null when there is nothing. */
export function repeated(name: string, unit: RepeatedFigure['unit'], values: readonly number[]): RepeatedFigure | null {
  const interval = meanInterval(values);
  if (!interval) return null;
  const { mean, standardDeviation, low, high } = interval;
  return {
    name,
    unit,
    values: [...values],
    mean,
    standardDeviation,
    // What cannot be is cut off, which takes no truth out of the interval.
    low: low === null || values.some((value) => value < 0) ? low : Math.max(0, low),
    high: high === null || unit !== 'ratio' ? high : Math.max(mean, Math.min(1, high)),
  };
}
