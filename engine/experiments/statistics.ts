/** Quantile of the standard normal distribution for a confidence of 99 %, two-sided. */
const Z_99 = 2.5758;

export interface Interval {
  low: number;
  high: number;
}

/** Wilson score interval of a ratio; unlike the plain one it is right for few samples and near 0 and 1. */
export function wilsonInterval(successes: number, samples: number, z = Z_99): Interval {
  if (samples === 0) return { low: 0, high: 1 };
  const ratio = successes / samples;
  const z2 = (z * z) / samples;
  const centre = (ratio + z2 / 2) / (1 + z2);
  const half = (z / (1 + z2)) * Math.sqrt((ratio * (1 - ratio)) / samples + z2 / (4 * samples));
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}

/**
 * Percentiles of the sample between which the true percentile lies: the ranks of the sample are binomially distributed
 * around it. An end beyond the sample is null: so few samples say nothing on that side.
 */
export function percentileInterval(
  percentile: number,
  samples: number,
  z = Z_99,
): { low: number | null; high: number | null } {
  const share = percentile / 100;
  const half = z * Math.sqrt((share * (1 - share)) / Math.max(1, samples));
  const low = (share - half) * 100;
  const high = (share + half) * 100;
  return { low: low > 0 ? low : null, high: high < 100 ? high : null };
}

/** Interval of a count of independent events, as in Poisson arrivals. */
export function poissonInterval(expected: number, z = Z_99): Interval {
  const half = z * Math.sqrt(expected);
  return { low: Math.max(0, expected - half), high: expected + half };
}

/** A ratio of fewer requests than this moves by more than 3 % with each single one. */
const MIN_RATIO_SAMPLES = 30;

/** This many samples must lie beyond a percentile: with fewer, two or three unlucky requests decide it. */
const MIN_SAMPLES_BEYOND = 10;

export const minimumForRatio = (): number => MIN_RATIO_SAMPLES;

export const minimumForPercentile = (percentile: number): number =>
  Math.max(MIN_RATIO_SAMPLES, Math.ceil(Math.round((MIN_SAMPLES_BEYOND / (1 - percentile / 100)) * 1e6) / 1e6));
