import type { LatencySummary } from '../api/types.ts';
import { type Histogram, percentileMs } from './histogram.ts';

export const summarizeLatency = (histogram: Histogram): LatencySummary => ({
  p50: percentileMs(histogram, 50),
  p95: percentileMs(histogram, 95),
  p99: percentileMs(histogram, 99),
  p999: percentileMs(histogram, 99.9),
  max: percentileMs(histogram, 100),
});
