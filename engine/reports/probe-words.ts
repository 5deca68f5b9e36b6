import type { ProbeResult } from '../api/types.ts';
import { milliseconds } from './figures.ts';

export function inUnit({ unit }: Pick<ProbeResult, 'unit'>, value: number | null): string {
  if (value === null) return '–';
  if (unit === 'ratio') return `${(value * 100).toFixed(2)} %`;
  return unit === 'ms' ? milliseconds(value) : `${value.toFixed(1)}/s`;
}

/** What a probe wants, both bounds inclusive. */
export function wanted(probe: Pick<ProbeResult, 'unit' | 'tolerance'>): string {
  const { min, max } = probe.tolerance;
  if (min !== undefined && max !== undefined) return `${inUnit(probe, min)} to ${inUnit(probe, max)}`;
  return min !== undefined ? `≥ ${inUnit(probe, min)}` : `≤ ${inUnit(probe, max ?? null)}`;
}

/** Distance to the nearest bound, with its sign. */
export function margin(probe: Pick<ProbeResult, 'unit' | 'margin'>): string {
  if (probe.margin === null) return '–';
  const size = inUnit(probe, Math.abs(probe.margin)).replace(' %', ' points');
  return probe.margin < 0 ? `−${size}` : `+${size}`;
}

export type Outcome = 'holds' | 'does not hold' | 'inconclusive';

export const outcomeOf = ({ holds, inconclusive }: Pick<ProbeResult, 'holds' | 'inconclusive'>): Outcome =>
  inconclusive !== null ? 'inconclusive' : holds ? 'holds' : 'does not hold';

export const phaseTitles: Record<ProbeResult['phase'], string> = {
  before: 'Steady state before',
  during: 'During the method',
  after: 'Steady state after',
};
