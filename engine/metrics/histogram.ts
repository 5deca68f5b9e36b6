/**
 * Log-linear histogram of durations in whole microseconds, after HdrHistogram (http://hdrhistogram.org):
 * exact below 2^8 µs, then 2^7 equal buckets for each power of two, so that a value read back is off by less than 0.8 %.
 */
const SUB_BITS = 7;
const SUB_COUNT = 1 << SUB_BITS;
const LINEAR_LIMIT = SUB_COUNT * 2;
/** About 73 minutes; longer durations are recorded as this. */
const MAX_US = 2 ** 32 - 1;
const BUCKETS = (32 - SUB_BITS) * SUB_COUNT + SUB_COUNT;

/** Buckets that are not empty, as `[index, count, index, count, …]`. */
export type SparseHistogram = number[];

export interface Histogram {
  counts: Uint32Array;
  total: number;
  maxUs: number;
}

export const createHistogram = (): Histogram => ({ counts: new Uint32Array(BUCKETS), total: 0, maxUs: 0 });

function bucketOf(us: number): number {
  if (us < LINEAR_LIMIT) return us;
  const shift = 31 - Math.clz32(us) - SUB_BITS;
  return shift * SUB_COUNT + (us >>> shift);
}

/** Middle of a bucket, in microseconds. */
function middleOf(bucket: number): number {
  if (bucket < LINEAR_LIMIT) return bucket;
  const shift = (bucket >> SUB_BITS) - 1;
  const low = (bucket - shift * SUB_COUNT) * 2 ** shift;
  return low + (2 ** shift - 1) / 2;
}

/** Records a duration in milliseconds. Negative ones count as 0. */
export function record(histogram: Histogram, durationMs: number): void {
  const us = durationMs <= 0 ? 0 : Math.min(Math.round(durationMs * 1000), MAX_US);
  const bucket = bucketOf(us >>> 0);
  histogram.counts[bucket] = (histogram.counts[bucket] as number) + 1;
  histogram.total += 1;
  if (us > histogram.maxUs) histogram.maxUs = us;
}

export function merge(into: Histogram, from: Histogram): void {
  for (let bucket = 0; bucket < BUCKETS; bucket += 1)
    into.counts[bucket] = (into.counts[bucket] as number) + (from.counts[bucket] as number);
  into.total += from.total;
  if (from.maxUs > into.maxUs) into.maxUs = from.maxUs;
}

export function reset(histogram: Histogram): void {
  if (histogram.total === 0) return;
  histogram.counts.fill(0);
  histogram.total = 0;
  histogram.maxUs = 0;
}

/** The value in milliseconds that `percentile` percent of the recorded ones do not exceed, or null when nothing was recorded. */
export function percentileMs(histogram: Histogram, percentile: number): number | null {
  if (histogram.total === 0) return null;
  if (percentile >= 100) return histogram.maxUs / 1000;
  const rank = Math.max(1, Math.ceil((percentile / 100) * histogram.total));
  let seen = 0;
  for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
    seen += histogram.counts[bucket] as number;
    if (seen >= rank) return Math.min(middleOf(bucket), histogram.maxUs) / 1000;
  }
  return histogram.maxUs / 1000;
}

/** Mean of the values in milliseconds, each as the middle of its bucket; null when nothing was recorded. */
export function meanMs(histogram: Histogram): number | null {
  if (histogram.total === 0) return null;
  let sumUs = 0;
  for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
    const count = histogram.counts[bucket] as number;
    if (count > 0) sumUs += count * middleOf(bucket);
  }
  return sumUs / histogram.total / 1000;
}

export function toSparse(histogram: Histogram): SparseHistogram {
  const sparse: SparseHistogram = [];
  if (histogram.total === 0) return sparse;
  for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
    const count = histogram.counts[bucket] as number;
    if (count > 0) sparse.push(bucket, count);
  }
  sparse.push(-1, histogram.maxUs);
  return sparse;
}

/** Adds what `toSparse` wrote. Exact: merging histograms loses nothing that recording into one would have kept. */
export function mergeSparse(into: Histogram, sparse: SparseHistogram): void {
  for (let i = 0; i + 1 < sparse.length; i += 2) {
    const bucket = sparse[i] as number;
    const count = sparse[i + 1] as number;
    if (bucket === -1) {
      if (count > into.maxUs) into.maxUs = count;
    } else {
      into.counts[bucket] = (into.counts[bucket] as number) + count;
      into.total += count;
    }
  }
}

/** How many values `toSparse` wrote. */
export function countIn(sparse: SparseHistogram): number {
  let total = 0;
  for (let i = 0; i + 1 < sparse.length; i += 2) if (sparse[i] !== -1) total += sparse[i + 1] as number;
  return total;
}

/** Calls back for each value that `toSparse` wrote, as the middle of its bucket, and how often it was recorded. */
export function eachValue(sparse: SparseHistogram, callback: (valueMs: number, count: number) => void): void {
  for (let i = 0; i + 1 < sparse.length; i += 2) {
    const bucket = sparse[i] as number;
    if (bucket !== -1) callback(middleOf(bucket) / 1000, sparse[i + 1] as number);
  }
}

/** What came to a histogram after an earlier reading of it. Its maximum is that of all, since a reading tells no other. */
export function grownSince(before: SparseHistogram | undefined, now: SparseHistogram): SparseHistogram {
  if (!before) return now;
  const counted = new Map<number, number>();
  for (let i = 0; i + 1 < before.length; i += 2) counted.set(before[i] as number, before[i + 1] as number);
  const grown: SparseHistogram = [];
  for (let i = 0; i + 1 < now.length; i += 2) {
    const bucket = now[i] as number;
    const count = (now[i + 1] as number) - (bucket === -1 ? 0 : (counted.get(bucket) ?? 0));
    if (count > 0) grown.push(bucket, count);
  }
  return grown;
}
