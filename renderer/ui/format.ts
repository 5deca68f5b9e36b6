import type { NodeLimit } from '../../engine/api/types.ts';
import type { MeasureDefinition } from '../../engine/model/definition.ts';

/** "0", "0.4", "38", "1.2k": short enough for a card. */
export function formatRate(perSec: number): string {
  if (perSec >= 10_000) return `${(perSec / 1000).toFixed(0)}k`;
  if (perSec >= 1000) return `${(perSec / 1000).toFixed(1)}k`;
  if (perSec >= 10 || perSec === 0) return perSec.toFixed(0);
  return perSec.toFixed(1);
}

export function formatMs(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return '–';
  if (ms >= 10_000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms >= 100) return `${ms.toFixed(0)} ms`;
  if (ms >= 10) return `${ms.toFixed(1)} ms`;
  return `${ms.toFixed(2)} ms`;
}

export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value >= 100 || unit === 0 ? value.toFixed(0) : value.toFixed(1)} ${units[unit]}`;
}

/** A figure in its unit, or the word for the state that it stands for. */
export const formatFigure = (value: number | null | undefined, { unit, states }: MeasureDefinition): string =>
  states && value != null ? (states[value] ?? String(value)) : formatMeasure(value, unit);

/** A figure of a kind's own, in its unit. */
export function formatMeasure(value: number | null | undefined, unit: MeasureDefinition['unit']): string {
  if (value === null || value === undefined) return '–';
  switch (unit) {
    case 'count':
      return value >= 10_000 ? formatRate(value) : formatCount(Math.round(value * 10) / 10);
    case 'ratio':
      return `${(value * 100).toFixed(value > 0 && value < 0.1 ? 1 : 0)} %`;
    case 'times':
      return `${value.toFixed(2)} ×`;
    case 'ms':
      return formatMs(value);
    case 'bytes':
      return formatBytes(value);
    case 'per second':
      return `${formatRate(value)}/s`;
  }
}

/** Which limit binds a node, in a word or two. */
export const formatLimit = (found: NodeLimit | null): string =>
  found === null ? 'none' : found.limit === 'callee' ? `callee, by ${found.edge}` : found.limit.replace('-', ' ');

/** "0: 50 % · 1: 50 %": the share of each replica. */
export const formatShares = (shares: Record<string, number>): string =>
  Object.entries(shares)
    .map(([replica, share]) => `${replica}: ${formatMeasure(share, 'ratio')}`)
    .join(' · ');

export const formatCount = (count: number): string => count.toLocaleString('en-US');

export const formatSeconds = (ms: number): string => `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;

export const formatClock = (atMs: number): string => {
  const date = new Date(atMs);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`;
};
