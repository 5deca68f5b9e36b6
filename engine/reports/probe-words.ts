import type { ProbeResult } from '../api/types.ts';
import { count, mebibytes, milliseconds } from './figures.ts';

function inUnit({ unit }: Pick<ProbeResult, 'unit'>, value: number | null): string {
  if (value === null) return '–';
  switch (unit) {
    case 'ratio':
      return `${(value * 100).toFixed(2)} %`;
    case 'ms':
      return milliseconds(value);
    case 'per second':
      return `${value.toFixed(1)}/s`;
    case 'bytes':
      return mebibytes(value);
    case 'times':
      return `${value.toFixed(2)} ×`;
    case 'count':
    case 'none':
      return count(Math.round(value * 1000) / 1000);
  }
}

/** What a probe saw: a figure, or what it was where it was none. */
export const seen = (probe: Pick<ProbeResult, 'unit' | 'value' | 'observed'>): string =>
  probe.value === null ? probe.observed || '–' : inUnit(probe, probe.value);

/** What a probe wants, both bounds inclusive. */
export function wanted(probe: Pick<ProbeResult, 'unit' | 'tolerance' | 'wanted'>): string {
  const { min, max } = probe.tolerance;
  if (min === undefined && max === undefined) return probe.wanted;
  if (min !== undefined && max !== undefined) return `${inUnit(probe, min)} to ${inUnit(probe, max)}`;
  return min !== undefined ? `≥ ${inUnit(probe, min)}` : `≤ ${inUnit(probe, max ?? null)}`;
}

/** Distance to the nearest bound, with its sign. */
export function margin(probe: Pick<ProbeResult, 'unit' | 'margin'>): string {
  if (probe.margin === null) return '–';
  const size = inUnit(probe, Math.abs(probe.margin)).replace(' %', ' points');
  return probe.margin < 0 ? `−${size}` : `+${size}`;
}

type Outcome = 'holds' | 'does not hold' | 'inconclusive';

export const outcomeOf = ({ holds, inconclusive }: Pick<ProbeResult, 'holds' | 'inconclusive'>): Outcome =>
  inconclusive !== null ? 'inconclusive' : holds ? 'holds' : 'does not hold';

/** In the order in which they come. */
export const phaseTitles: Record<ProbeResult['phase'], string> = {
  before: 'Steady state before',
  method: 'Steps of the method',
  during: 'During the method',
  recovering: 'While it recovered',
  after: 'Steady state after',
};

export const phases = Object.keys(phaseTitles) as ProbeResult['phase'][];
