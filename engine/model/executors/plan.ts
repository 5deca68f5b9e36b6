import type { Curve } from '../curve.ts';

/** One arrival of a trace: milliseconds since its start, index of the route, the path as it was sent, and bytes of its body. */
export type TracedArrival = [atMs: number, route: number, path: string, bodyBytes: number];

/** What an executor comes down to, as the client is told. Times count from the start of the source. */
export type Plan =
  /** Open models: iterations start at their times, whatever the answers do. */
  | {
      type: 'arrivals';
      arrivals: 'poisson' | 'uniform';
      ratePerSec: Curve;
      /** Null: as many iterations at a time as it takes. */
      maxVUs: number | null;
    }
  | { type: 'trace'; arrivals: readonly TracedArrival[] }
  /** Closed models: each user starts an iteration when the one before it is over. */
  | { type: 'vus'; vus: Curve; gracefulRampDownMs: number }
  | { type: 'iterations'; vus: number; iterations: number; shared: boolean };

export interface Planned {
  plan: Plan;
  /** When the executor is over at the latest; null: when the scenario is. */
  durationMs: number | null;
}
