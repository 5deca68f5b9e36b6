/** Rank from 1 to `keys`. */
export type RankSampler = (random: () => number) => number;

export const uniformRank =
  (keys: number): RankSampler =>
  (random) =>
    1 + Math.floor(random() * keys);

/**
 * Exact samples of a Zipf distribution: rank k with a probability in proportion to 1 / k^exponent, at a cost that does not
 * grow with the number of keys. Rejection-inversion, W. Hörmann and G. Derflinger, "Rejection-inversion to generate variates
 * from monotone discrete distributions", ACM TOMACS 6 (1996), with the integral shifted so that exponent 1 is no exception.
 */
export function zipfRank(keys: number, exponent: number): RankSampler {
  const hat = (x: number): number => Math.exp(-exponent * Math.log(x));
  /** Integral of the hat from 1 to x. */
  const integral = (x: number): number => {
    const log = Math.log(x);
    return expm1Ratio((1 - exponent) * log) * log;
  };
  const inverse = (y: number): number => {
    // Rounding may take it a little below what the logarithm is defined for.
    const shifted = Math.max(-1, y * (1 - exponent));
    return Math.exp(log1pRatio(shifted) * y);
  };
  const low = integral(1.5) - 1;
  const high = integral(keys + 0.5);
  /** Ranks so close to where the hat was hit need no test. */
  const sure = 2 - inverse(integral(2.5) - hat(2));

  return (random) => {
    for (;;) {
      const y = high + random() * (low - high);
      const x = inverse(y);
      const rank = Math.min(keys, Math.max(1, Math.round(x)));
      if (rank - x <= sure || y >= integral(rank + 0.5) - hat(rank)) return rank;
    }
  };
}

/** (e^x − 1) / x, also near 0. */
const expm1Ratio = (x: number): number => (Math.abs(x) > 1e-8 ? Math.expm1(x) / x : 1 + x / 2);
/** ln(1 + x) / x, also near 0. */
const log1pRatio = (x: number): number => (Math.abs(x) > 1e-8 ? Math.log1p(x) / x : 1 - x / 2);
