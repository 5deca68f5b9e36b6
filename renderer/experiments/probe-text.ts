import type { ProbeResult } from '../../engine/api/types.ts';
import { fixed, inUnit as withUnit } from '../i18n/number.ts';
import { said } from '../i18n/said.ts';
import { type Key, key, t } from '../i18n/t.ts';
import { formatCount, formatMeasure, formatMs } from '../ui/format.ts';

export const probePhases: Record<ProbeResult['phase'], Key> = {
  before: key('before'),
  during: key('during'),
  recovering: key('recovering'),
  after: key('after'),
  method: key('method'),
};

export function inUnit(value: number | null, unit: ProbeResult['unit']): string {
  if (value === null) return '–';
  if (unit === 'ms') return formatMs(value);
  if (unit === 'ratio') return withUnit(fixed(value * 100, value > 0.99 && value < 1 ? 2 : 1), '%');
  return unit === 'per second' ? formatMeasure(value, unit) : formatCount(value);
}

/** What the value must be. */
export function toleranceText({ tolerance: { min, max }, unit, wanted }: ProbeResult): string {
  if (min === undefined && max === undefined) return said(wanted);
  if (min !== undefined && max !== undefined)
    return t('{{low}} to {{high}}', { low: inUnit(min, unit), high: inUnit(max, unit) });
  return min !== undefined
    ? t('at least {{limit}}', { limit: inUnit(min, unit) })
    : t('at most {{limit}}', { limit: inUnit(max ?? null, unit) });
}

/** "+ 0.8 %", "− 12 ms": how far inside its bounds the value is, or how far outside. */
export function marginText({ margin, unit }: Pick<ProbeResult, 'margin' | 'unit'>): string {
  if (margin === null) return '–';
  return `${margin < 0 ? '−' : '+'} ${inUnit(Math.abs(margin), unit)}`;
}

export const observedText = ({ value, observed, unit }: ProbeResult): string =>
  value === null ? said(observed) : inUnit(value, unit);
