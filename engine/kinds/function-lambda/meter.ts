import { createHistogram, type Histogram, record, reset, toSparse } from '../../metrics/histogram.ts';
import type { Measured } from '../../process-kit/run-process.ts';
import type { Environment } from './environment.ts';

/** What is counted of a function, and what its price is made of. Cumulative. */
const zeros = {
  /** = succeeded + functionErrors + crashes + timeouts + those in hand. */
  invocations: 0,
  succeeded: 0,
  coldStarts: 0,
  throttles: 0,
  functionErrors: 0,
  crashes: 0,
  timeouts: 0,
  environmentsStarted: 0,
  /** INITs that a fault has made longer, and how long they took. */
  slowedInits: 0,
  slowedInitMs: 0,
  initFailures: 0,
  /** INIT of all environments. */
  initMs: 0,
  /** Each invocation rounded up to a millisecond; of on-demand environments with INIT. */
  billedMs: 0,
  /** The same times the memory size, for environments that were started on demand, and for provisioned ones. */
  onDemandMbMs: 0,
  provisionedMbMs: 0,
  /** Provisioned concurrency times memory size times time, used or not. */
  provisionedCapacityMbMs: 0,
  /** How long answers were held back for the CPU share of the memory size. */
  heldBackMs: 0,
  eventsAccepted: 0,
  eventsSucceeded: 0,
  eventRetries: 0,
  eventsDeadLettered: 0,
  eventsDropped: 0,
};

type Counter = keyof typeof zeros;

export interface Meter {
  count(counter: Counter, by?: number): void;
  /** `figure`: INIT, or the time from the arrival of a request to its answer. */
  time(figure: 'init' | 'cold' | 'warm', durationMs: number): void;
  /** Of an environment, from its beginning. */
  follow(environment: Environment): void;
  /** It is gone: what it has used stays. */
  forget(environment: Environment): void;
  /** Cumulative CPU time, and memory now, of all environments. */
  usage(): { cpuUs: number; rssBytes: number };
  counters(): Readonly<Record<string, number>>;
  measure(): Required<Pick<Measured, 'counters' | 'histograms'>>;
}

export function createMeter(): Meter {
  const counters: Record<Counter, number> = { ...zeros };
  const histograms = { init: createHistogram(), cold: createHistogram(), warm: createHistogram() };
  const followed = new Set<Environment>();
  let pastCpuUs = 0;

  const usage = (): { cpuUs: number; rssBytes: number } => {
    const sum = { cpuUs: pastCpuUs, rssBytes: 0 };
    for (const { usage: used } of followed) {
      sum.cpuUs += used.cpuUs;
      sum.rssBytes += used.residentBytes;
    }
    return sum;
  };

  return {
    count(counter, by = 1) {
      counters[counter] += by;
    },
    time: (figure, durationMs) => record(histograms[figure], durationMs),
    follow: (environment) => void followed.add(environment),
    forget(environment) {
      if (followed.delete(environment)) pastCpuUs += environment.usage.cpuUs;
    },
    usage,
    counters: () => counters,
    measure: () => ({
      counters: { ...counters, environmentCpuMs: usage().cpuUs / 1000 },
      histograms: Object.fromEntries(Object.entries(histograms).map(([name, each]) => [name, taken(each)])),
    }),
  };
}

function taken(histogram: Histogram): ReturnType<typeof toSparse> {
  const sparse = toSparse(histogram);
  reset(histogram);
  return sparse;
}
