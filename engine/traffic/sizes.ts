import type { SizeDistribution } from '../model/traffic-route.ts';
import { sampleMs } from '../process-kit/work.ts';

/** No body is longer: what a log-normal size draws beyond is cut to this. */
export const MAX_BODY_BYTES = 16_777_216;

/** One sample, in whole bytes. */
export function sampleBytes(distribution: SizeDistribution, random: () => number): number {
  switch (distribution.type) {
    case 'fixed':
      return distribution.sizeBytes;
    case 'uniform': {
      const { minBytes, maxBytes } = distribution;
      return minBytes + Math.floor(random() * (maxBytes - minBytes + 1));
    }
    case 'lognormal': {
      const { medianBytes, sigma } = distribution;
      const bytes = sampleMs({ type: 'lognormal', medianMs: medianBytes, sigma }, random);
      return Math.min(MAX_BODY_BYTES, Math.round(bytes));
    }
  }
}
