import type { NodeLimit } from '../api/types.ts';

/** Figures as people read them. */

export const count = (value: number): string => value.toLocaleString('en-US');

export function milliseconds(value: number | null): string {
  if (value === null) return '–';
  if (value < 10) return `${value.toFixed(2)} ms`;
  return value < 1000 ? `${value.toFixed(1)} ms` : `${(value / 1000).toFixed(2)} s`;
}

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

export const mebibytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MiB`;

export const percent = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${((part / whole) * 100).toFixed(2)} %`;

export const perSecond = (rate: number): string => `${rate < 10 ? rate.toFixed(1) : Math.round(rate)}/s`;

export const plural = (amount: number, one: string, many = `${one}s`): string =>
  `${count(amount)} ${amount === 1 ? one : many}`;

/** `refused 12, timeout 3`, the most frequent first. */
export const reasons = (counts: Readonly<Record<string, number | undefined>>): string =>
  Object.entries(counts)
    .filter((entry): entry is [string, number] => (entry[1] ?? 0) > 0)
    .sort((a, b) => b[1] - a[1])
    .map(([reason, amount]) => `${reason} ${count(amount)}`)
    .join(', ');

/** Which limit bound a node, in a word or two. */
export const limit = (found: NodeLimit | null): string =>
  found === null ? 'none' : found.limit === 'callee' ? `callee ${found.edge}` : found.limit.replace('-', ' ');
