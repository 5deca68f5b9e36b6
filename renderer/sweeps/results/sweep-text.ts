import type { EstimatedValue, Judgement, Measurement, NodeLimit, RepeatedFigure } from '../../../engine/api/types.ts';
import { fixed, inPlain, inUnit as withUnit } from '../../i18n/number.ts';
import { said } from '../../i18n/said.ts';
import { t } from '../../i18n/t.ts';
import { formatLimit, formatMs, formatRate } from '../../ui/format.ts';

export const perSec = (value: number | null): string =>
  value === null ? '–' : `${value < 100 ? inPlain(Number(value.toFixed(1))) : formatRate(value)}/s`;

export const percent = (share: number | null): string => (share === null ? '–' : withUnit(fixed(100 * share, 1), '%'));

/** Answered well, of all that became due. */
export const goodShare = ({ ok, arrivals }: Pick<Measurement, 'ok' | 'arrivals'>): number | null =>
  arrivals === 0 ? null : ok / arrivals;

export function sideText({ side, sure, reasons }: Judgement): string {
  if (side === 'within') return sure ? t('within') : t('within, just');
  const judged = side === 'inconclusive' ? t('inconclusive') : sure ? t('beyond') : t('beyond, just');
  return t('{{name}}: {{value}}', { name: judged, value: said(reasons[0] ?? '') });
}

export const limitsText = (limits: Record<string, NodeLimit>): string =>
  Object.entries(limits)
    .map(([node, found]) => t('{{name}}: {{value}}', { name: node, value: formatLimit(found) }))
    .join(', ') || t('none');

function inUnit(value: number, unit: RepeatedFigure['unit']): string {
  if (unit === 'ms') return formatMs(value);
  if (unit === 'ratio') return percent(value);
  if (unit === 'bytes') return withUnit(fixed(value / 2 ** 20, 1), 'MiB');
  return unit === 'per second' ? perSec(value) : inPlain(Number(value.toFixed(2)));
}

/** "12 [9, 15]", with "?" for an end that is not known, or the value alone where neither is. */
export function withInterval(
  { low, high }: Pick<EstimatedValue, 'low' | 'high'>,
  value: number,
  show: (value: number) => string,
): string {
  if (low === null && high === null) return show(value);
  const end = (at: number | null): string => (at === null ? '?' : show(at));
  return `${show(value)} [${end(low)}, ${end(high)}]`;
}

export const meanText = (figure: RepeatedFigure | null): string =>
  figure ? withInterval(figure, figure.mean, (value) => inUnit(value, figure.unit)) : '–';
