import type { NodeLimit } from '../../engine/api/types.ts';
import type { MeasureDefinition } from '../../engine/model/definition.ts';
import { fixed, inGroups, inLanguage, inUnit } from '../i18n/number.ts';
import { said } from '../i18n/said.ts';
import { type Key, key, t } from '../i18n/t.ts';

/** "0", "0.4", "38", "1.2k": short enough for a card. */
export function formatRate(perSec: number): string {
  if (perSec >= 10_000) return `${fixed(perSec / 1000, 0)}k`;
  if (perSec >= 1000) return `${fixed(perSec / 1000, 1)}k`;
  return fixed(perSec, perSec >= 10 || perSec === 0 ? 0 : 1);
}

export function formatMs(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return '–';
  if (ms >= 10_000) return inUnit(fixed(ms / 1000, 1), 's');
  return inUnit(fixed(ms, ms >= 100 ? 0 : ms >= 10 ? 1 : 2), 'ms');
}

export function formatBytes(bytes: number): string {
  const units = [key('B'), key('kB'), key('MB'), key('GB')];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return inUnit(fixed(value, value >= 100 || unit === 0 ? 0 : 1), t(units[unit] as Key));
}

/** A figure in its unit, or the word for the state that it stands for. */
export const formatFigure = (value: number | null | undefined, { unit, states }: MeasureDefinition): string =>
  states && value != null ? said(states[value] ?? String(value)) : formatMeasure(value, unit);

/** A figure of a kind's own, in its unit. */
export function formatMeasure(value: number | null | undefined, unit: MeasureDefinition['unit']): string {
  if (value === null || value === undefined) return '–';
  switch (unit) {
    case 'count':
      return value >= 10_000 ? formatRate(value) : formatCount(Math.round(value * 10) / 10);
    case 'ratio':
      return inUnit(fixed(value * 100, value > 0 && value < 0.1 ? 1 : 0), '%');
    case 'times':
      return inUnit(fixed(value, 2), '×');
    case 'ms':
      return formatMs(value);
    case 'bytes':
      return formatBytes(value);
    case 'per second':
      return `${formatRate(value)}/s`;
  }
}

const limitTitles: Record<Exclude<NodeLimit['limit'], 'callee'>, Key> = {
  cpu: key('cpu'),
  'event-loop': key('event loop'),
  slots: key('slots'),
  queue: key('queue'),
  connections: key('connections'),
  locks: key('locks'),
  pool: key('pool'),
};

/** Which limit binds a node, in a word or two. */
export const formatLimit = (found: NodeLimit | null): string =>
  found === null
    ? t('none')
    : found.limit === 'callee'
      ? t('callee, by {{edge}}', { edge: found.edge ?? '' })
      : t(limitTitles[found.limit]);

/** "0: 50 % · 1: 50 %": the share of each replica. */
export const formatShares = (shares: Record<string, number>): string =>
  Object.entries(shares)
    .map(([replica, share]) => t('{{name}}: {{value}}', { name: replica, value: formatMeasure(share, 'ratio') }))
    .join(' · ');

export const formatCount = (count: number): string => inGroups(count);

export const percent = (value: number): string => inUnit(inLanguage(String(value)), '%');

export const formatSeconds = (ms: number): string => inUnit(fixed(ms / 1000, ms < 10_000 ? 1 : 0), 's');

export const formatClock = (atMs: number): string => {
  const date = new Date(atMs);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`;
};
