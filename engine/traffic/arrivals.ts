import { createRandom } from './random.ts';

/** The next arrival; `advance` moves on to the one after it. One object for all, so that thousands a second leave no garbage. */
export interface Arrivals {
  /** Milliseconds since the start of the traffic. */
  readonly atMs: number;
  /** Index of its route. */
  readonly route: number;
  advance(): void;
}

/**
 * A constant arrival rate, uniform (one each 1/rate) or Poisson (independent exponential gaps), with a route for each
 * arrival, picked by weight. All of it is a function of the seed alone.
 */
export function createArrivals(options: {
  seed: number;
  ratePerSec: number;
  arrivals: 'poisson' | 'uniform';
  weights: readonly number[];
}): Arrivals {
  const random = createRandom(options.seed);
  const gapMs = 1000 / options.ratePerSec;
  const total = options.weights.reduce((sum, weight) => sum + weight, 0);
  let sum = 0;
  const bounds = options.weights.map((weight) => {
    sum += weight;
    return sum / total;
  });

  const pick = (): number => {
    const value = random();
    let route = 0;
    // The last bound may fall short of 1 by rounding.
    while (route < bounds.length - 1 && value >= (bounds[route] as number)) route += 1;
    return route;
  };
  const exponential = (): number => -Math.log(1 - random()) * gapMs;

  let index = 0;
  const arrivals = {
    // A Poisson process has no arrival at its zero; a uniform one starts with it.
    atMs: options.arrivals === 'poisson' ? exponential() : 0,
    route: pick(),
    advance() {
      index += 1;
      // Uniform times come from the index, so that rounding does not add up over a long run.
      arrivals.atMs = options.arrivals === 'poisson' ? arrivals.atMs + exponential() : index * gapMs;
      arrivals.route = pick();
    },
  };
  return arrivals;
}
