import { eachValue, type SparseHistogram } from '../metrics/histogram.ts';
import type { Family, Labels } from './exposition.ts';

/** Upper bounds in seconds. */
const BOUNDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Latencies since the start, in the buckets of a Prometheus histogram. */
export interface LatencyBuckets {
  add(latency: SparseHistogram): void;
  samples(labels: Labels): Family['samples'];
}

/**
 * What comes in was rounded to buckets of 0.8 % width, so a value that close to a bound may stand on its other side, and the sum
 * is off by at most as much.
 */
export function createLatencyBuckets(): LatencyBuckets {
  const counts = new Array<number>(BOUNDS.length + 1).fill(0);
  let sumSec = 0;
  return {
    add(latency) {
      eachValue(latency, (valueMs, count) => {
        const valueSec = valueMs / 1000;
        const bucket = BOUNDS.findIndex((bound) => valueSec <= bound);
        const at = bucket < 0 ? BOUNDS.length : bucket;
        counts[at] = (counts[at] as number) + count;
        sumSec += valueSec * count;
      });
    },
    samples(labels) {
      let cumulative = 0;
      const buckets = counts.map((count, i) => {
        cumulative += count;
        return { suffix: '_bucket' as const, labels: { ...labels, le: BOUNDS[i] ?? '+Inf' }, value: cumulative };
      });
      return [
        ...buckets,
        { suffix: '_sum' as const, labels, value: sumSec },
        { suffix: '_count' as const, labels, value: cumulative },
      ];
    },
  };
}
