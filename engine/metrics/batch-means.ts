/** Sums over one stretch of time: of a quantity, and of how many it was measured on. */
export interface Batch {
  sum: number;
  count: number;
}

export interface Estimate {
  value: number;
  low: number;
  high: number;
}

/**
 * The mean of values that depend on those before them, as waiting times do, with its confidence interval. The values come
 * in batches of equal time, each so long that one says next to nothing about the next: their means are taken as
 * independent. Law, Simulation Modeling and Analysis (5th ed., 2015), section 9.5.3; as batches hold different numbers of
 * values, the mean is a ratio of sums, and its variance that of Cochran, Sampling Techniques (3rd ed., 1977), section 6.4.
 */
export function batchMean(batches: readonly Batch[], confidence: number): Estimate {
  const n = batches.length;
  const count = batches.reduce((all, batch) => all + batch.count, 0);
  if (n < 2 || count === 0) return { value: Number.NaN, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
  const value = batches.reduce((all, batch) => all + batch.sum, 0) / count;
  const squares = batches.reduce((all, batch) => all + (batch.sum - value * batch.count) ** 2, 0);
  const half = (studentQuantile((1 + confidence) / 2, n - 1) * Math.sqrt((n * squares) / (n - 1))) / count;
  return { value, low: value - half, high: value + half };
}

/**
 * A percentile of such values, with its confidence interval: all values of which the share above them may be the one asked
 * for. The share above a value is a mean over batches like any other; the percentile of a batch alone would be biased.
 * Each batch tells how many values of which size it holds.
 */
export function batchPercentile(
  batches: readonly (readonly (readonly [value: number, count: number])[])[],
  percentile: number,
  confidence: number,
): Estimate {
  const wanted = 1 - percentile / 100;
  const values = [...new Set(batches.flatMap((batch) => batch.map(([value]) => value)))].sort((a, b) => a - b);
  const counts = batches.map((batch) => batch.reduce((all, [, count]) => all + count, 0));
  const above = batches.map((batch, index) => ({
    left: counts[index] as number,
    sorted: [...batch].sort(byValue),
    next: 0,
  }));
  const estimate: Estimate = { value: Number.NaN, low: Number.NaN, high: Number.POSITIVE_INFINITY };
  for (const value of values) {
    for (const batch of above)
      for (let entry = batch.sorted[batch.next]; entry && entry[0] <= value; entry = batch.sorted[batch.next]) {
        batch.left -= entry[1];
        batch.next += 1;
      }
    const share = batchMean(
      above.map(({ left }, index) => ({ sum: left, count: counts[index] as number })),
      confidence,
    );
    if (share.low <= wanted && Number.isNaN(estimate.low)) estimate.low = value;
    if (share.value <= wanted && Number.isNaN(estimate.value)) estimate.value = value;
    if (share.high < wanted) {
      estimate.high = value;
      break;
    }
  }
  return estimate;
}

const byValue = (a: readonly [number, number], b: readonly [number, number]): number => a[0] - b[0];

const quantiles = new Map<string, number>();

/** Quantile of Student's t distribution, for a probability over 0.5, by bisection of its integral. */
export function studentQuantile(probability: number, degrees: number): number {
  const key = `${probability} ${degrees}`;
  const known = quantiles.get(key);
  if (known !== undefined) return known;
  // With t = √ν tan θ the density becomes cos^(ν−1) θ.
  const all = integral(degrees, Math.PI / 2);
  let low = 0;
  let high = Math.PI / 2;
  for (let i = 0; i < 60; i += 1) {
    const middle = (low + high) / 2;
    if (0.5 + integral(degrees, middle) / (2 * all) < probability) low = middle;
    else high = middle;
  }
  const quantile = Math.sqrt(degrees) * Math.tan(low);
  quantiles.set(key, quantile);
  return quantile;
}

const INTERVALS = 1000;

/** ∫₀ᵃ cos^(ν−1) θ dθ, by Simpson's rule. */
function integral(degrees: number, upTo: number): number {
  const width = upTo / INTERVALS;
  let sum = 0;
  for (let i = 0; i <= INTERVALS; i += 1) {
    const weight = i === 0 || i === INTERVALS ? 1 : i % 2 === 1 ? 4 : 2;
    sum += weight * Math.cos(i * width) ** (degrees - 1);
  }
  return (sum * width) / 3;
}
