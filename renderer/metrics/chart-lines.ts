import { key } from '../i18n/t.ts';
import type { LineOptions } from './live-plot.ts';

/** Told apart by dashes as well as by colour. */
const colors = ['--chart-p50', '--chart-p99', '--chart-ok', '--chart-failed', '--state-degraded', '--state-starting'];
const dashes: readonly (readonly number[] | undefined)[] = [undefined, [6, 3], [2, 3]];

export const throughputLines: readonly LineOptions[] = [
  { name: 'rate', label: key('offered'), color: '--app-muted', dash: [4, 3] },
  { name: 'ok', label: key('goodput'), color: '--chart-ok' },
  { name: 'failed', label: key('failed'), color: '--chart-failed' },
  { name: 'dropped', label: key('dropped'), color: '--state-degraded', dash: [2, 3] },
];

export const latencyLines: readonly LineOptions[] = [
  { name: 'p50', label: key('p50'), color: '--chart-p50' },
  { name: 'p95', label: key('p95'), color: '--state-degraded', dash: [6, 3] },
  { name: 'p99', label: key('p99'), color: '--chart-p99' },
  { name: 'p999', label: key('p99.9'), color: '--chart-failed', dash: [2, 3] },
];

/** Lines for names such as `cpu:orders#0`, in a steady order and with steady colours. */
export const linesFor = (names: readonly string[], labelOf: (rest: string) => string = (rest) => rest): LineOptions[] =>
  [...names]
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .map((name, index) => ({
      name,
      label: labelOf(name.slice(name.indexOf(':') + 1)),
      color: colors[index % colors.length] as string,
      dash: dashes[Math.floor(index / colors.length) % dashes.length],
    }));

/** How long a chart keeps its lines: one whose lines change with every look cannot be read. */
const RANKED_MS = 15_000;

/**
 * Chooses the names with the largest newest values: a chart with a hundred lines says nothing. What was chosen stays for a
 * while, unless one of them is gone.
 */
export function createLargest(most: number) {
  let chosen: readonly string[] = [];
  let rankedAtMs = Number.NEGATIVE_INFINITY;
  return (names: readonly string[], newest: (name: string) => number | null, nowMs: number): readonly string[] => {
    if (names.length <= most) return names;
    const isStill = chosen.length === most && chosen.every((name) => names.includes(name));
    if (isStill && nowMs - rankedAtMs < RANKED_MS) return chosen;
    rankedAtMs = nowMs;
    chosen = [...names].sort((a, b) => (newest(b) ?? -1) - (newest(a) ?? -1)).slice(0, most);
    return chosen;
  };
}
