import { createHistogram, type Histogram, record, reset, toSparse } from '../../metrics/histogram.ts';
import type { Measured } from '../../process-kit/run-process.ts';

/** What is counted of a function whose environments take many requests at once. Cumulative. */
const zeros = {
  /** = succeeded + functionErrors + limitExceeded + timeouts + crashes + cancelled + those in hand. */
  invocations: 0,
  succeeded: 0,
  functionErrors: 0,
  limitExceeded: 0,
  timeouts: 0,
  crashes: 0,
  cancelled: 0,
  throttles: 0,
  coldStarts: 0,
  environmentsStarted: 0,
  initFailures: 0,
  initMs: 0,
  /** CPU time of environments while they had requests. INIT is not in it. */
  cpuMs: 0,
  /** Time in which environments had requests, and the same times their memory size. */
  busyMs: 0,
  busyMbMs: 0,
};

export type Counter = keyof typeof zeros;

export interface Meter {
  count(counter: Counter, by?: number): void;
  /** INIT; the time from a request to its answer, cold and warm; the CPU time of a request. */
  time(figure: 'init' | 'cold' | 'warm' | 'cpu', durationMs: number): void;
  counters(): Readonly<Record<Counter, number>>;
  measure(): Required<Pick<Measured, 'counters' | 'histograms'>>;
}

export function createMeter(): Meter {
  const counters: Record<Counter, number> = { ...zeros };
  const histograms = {
    init: createHistogram(),
    cold: createHistogram(),
    warm: createHistogram(),
    cpu: createHistogram(),
  };
  return {
    count(counter, by = 1) {
      counters[counter] += by;
    },
    time: (figure, durationMs) => record(histograms[figure], durationMs),
    counters: () => counters,
    measure: () => ({
      counters: { ...counters },
      histograms: Object.fromEntries(Object.entries(histograms).map(([name, each]) => [name, taken(each)])),
    }),
  };
}

function taken(histogram: Histogram): ReturnType<typeof toSparse> {
  const sparse = toSparse(histogram);
  reset(histogram);
  return sparse;
}
