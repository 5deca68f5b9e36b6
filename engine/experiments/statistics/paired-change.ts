import { type MeanInterval, meanInterval } from './mean-interval.ts';

/** What two systems measured under the same circumstances. */
export type Pair = readonly [a: number, b: number];

export interface Change {
  /** Ratio − 1 for `relativeChange`, a plain difference for `difference`. */
  value: number;
  /** Null where the pairs are too few to say. */
  low: number | null;
  high: number | null;
  pairs: number;
}

/**
 * By how much of itself a figure is greater in B than in A: the mean of ln(b / a) over the pairs with Student's interval,
 * taken back to a ratio. What hits both halves of a pair alike, such as a busy hour, cancels; and a change from A to B is
 * exactly the inverse of one from B to A. Null when a figure is not positive somewhere, since it then has no ratio.
 */
export function relativeChange(pairs: readonly Pair[], confidence = 0.95): Change | null {
  if (pairs.some(([a, b]) => !(a > 0 && b > 0))) return null;
  return changeOf(
    meanInterval(
      pairs.map(([a, b]) => Math.log(b / a)),
      confidence,
    ),
    Math.expm1,
  );
}

/** B − A, for figures such as a success ratio, whose distance to 1 matters and not their own size. */
export const difference = (pairs: readonly Pair[], confidence = 0.95): Change | null =>
  changeOf(
    meanInterval(
      pairs.map(([a, b]) => b - a),
      confidence,
    ),
    (value) => value,
  );

function changeOf(interval: MeanInterval | null, back: (value: number) => number): Change | null {
  if (!interval) return null;
  const { n, mean, low, high } = interval;
  return {
    value: back(mean),
    low: low === null ? null : back(low),
    high: high === null ? null : back(high),
    pairs: n,
  };
}
