import type { ProbeResult } from '../../engine/api/types.ts';
import { formatCount, formatMs, formatRate } from '../ui/format.ts';

export function inUnit(value: number | null, unit: ProbeResult['unit']): string {
  if (value === null) return '–';
  if (unit === 'ms') return formatMs(value);
  if (unit === 'ratio') return `${(value * 100).toFixed(value > 0.99 && value < 1 ? 2 : 1)} %`;
  return unit === 'per second' ? `${formatRate(value)}/s` : formatCount(value);
}

/** What the value must be. */
export function toleranceText({ tolerance: { min, max }, unit, wanted }: ProbeResult): string {
  if (min === undefined && max === undefined) return wanted;
  if (min !== undefined && max !== undefined) return `${inUnit(min, unit)} to ${inUnit(max, unit)}`;
  return min !== undefined ? `at least ${inUnit(min, unit)}` : `at most ${inUnit(max ?? null, unit)}`;
}

/** "+ 0.8 %", "− 12 ms": how far inside its bounds the value is, or how far outside. */
export function marginText({ margin, unit }: Pick<ProbeResult, 'margin' | 'unit'>): string {
  if (margin === null) return '–';
  return `${margin < 0 ? '−' : '+'} ${inUnit(Math.abs(margin), unit)}`;
}

export const observedText = ({ value, observed, unit }: ProbeResult): string =>
  value === null ? observed : inUnit(value, unit);
