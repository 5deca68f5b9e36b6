import type { EstimatedValue, Judgement, Measurement, NodeLimit, RepeatedFigure } from '../../../engine/api/types.ts';
import { formatLimit, formatMs, formatRate } from '../../ui/format.ts';

export const perSec = (value: number | null): string =>
  value === null ? '–' : `${value < 100 ? Number(value.toFixed(1)) : formatRate(value)}/s`;

export const percent = (share: number | null): string => (share === null ? '–' : `${(100 * share).toFixed(1)} %`);

/** Answered well, of all that became due. */
export const goodShare = ({ ok, arrivals }: Pick<Measurement, 'ok' | 'arrivals'>): number | null =>
  arrivals === 0 ? null : ok / arrivals;

export function sideText({ side, sure, reasons }: Judgement): string {
  if (side === 'within') return sure ? 'within' : 'within, just';
  return `${side}${sure || side === 'inconclusive' ? '' : ', just'}: ${reasons[0] ?? ''}`;
}

export const limitsText = (limits: Record<string, NodeLimit>): string =>
  Object.entries(limits)
    .map(([node, found]) => `${node}: ${formatLimit(found)}`)
    .join(', ') || 'none';

function inUnit(value: number, unit: RepeatedFigure['unit']): string {
  if (unit === 'ms') return formatMs(value);
  if (unit === 'ratio') return percent(value);
  if (unit === 'bytes') return `${(value / 2 ** 20).toFixed(1)} MiB`;
  return unit === 'per second' ? perSec(value) : String(Number(value.toFixed(2)));
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
