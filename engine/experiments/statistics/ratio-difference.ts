import { type Interval, wilsonInterval } from '../statistics.ts';

export interface Counted {
  successes: number;
  samples: number;
}

/**
 * Interval of the difference of two independent ratios, second − first: Newcombe's hybrid score interval (1998, method 10),
 * made of the Wilson intervals of both. It stays right near 0 and 1, where success ratios live.
 */
export function ratioDifference(first: Counted, second: Counted, z?: number): Interval & { value: number } {
  const a = wilsonInterval(first.successes, first.samples, z);
  const b = wilsonInterval(second.successes, second.samples, z);
  const ratio = ({ successes, samples }: Counted): number => (samples === 0 ? 0 : successes / samples);
  const [p, q] = [ratio(first), ratio(second)];
  if (first.samples === 0 || second.samples === 0) return { value: q - p, low: -1, high: 1 };
  const value = q - p;
  return {
    value,
    low: value - Math.sqrt((q - b.low) ** 2 + (a.high - p) ** 2),
    high: value + Math.sqrt((b.high - q) ** 2 + (p - a.low) ** 2),
  };
}
