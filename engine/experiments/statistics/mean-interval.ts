import { studentQuantile } from '../../metrics/batch-means.ts';

/** A mean of repetitions with its confidence interval; the ends are null where the repetitions are too few to say. */
export interface MeanInterval {
  n: number;
  mean: number;
  standardDeviation: number | null;
  low: number | null;
  high: number | null;
}

/**
 * The mean of independent repetitions with Student's interval: mean ± t(n − 1) s / √n. Not a bootstrap: of three to ten
 * values, which is what repetitions of minutes come to, resampling sees too little of the spread and its intervals hold the
 * truth too seldom, while t knows that the spread itself is a guess. Null when there is nothing.
 */
export function meanInterval(values: readonly number[], confidence = 0.95): MeanInterval | null {
  const n = values.length;
  if (n === 0) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  if (n === 1) return { n, mean, standardDeviation: null, low: null, high: null };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const standardDeviation = Math.sqrt(squares / (n - 1));
  const half = (studentQuantile((1 + confidence) / 2, n - 1) * standardDeviation) / Math.sqrt(n);
  return { n, mean, standardDeviation, low: mean - half, high: mean + half };
}
