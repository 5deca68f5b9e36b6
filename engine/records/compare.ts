import type { ExperimentResult, RunResult, TrafficCounts } from '../api/types.ts';
import {
  createHistogram,
  type Histogram,
  mergeSparse,
  percentileMs,
  type SparseHistogram,
} from '../metrics/histogram.ts';
import { ArchipelError } from '../model/error.ts';
import { openRecordFolder, readHistogramsIn, recordFolder } from './read.ts';
import type { ComparedFigure, Comparison, Histograms, Manifest, OpenedRecord } from './record.ts';

/** Two-sided 95 % of a normal distribution. */
const Z = 1.96;
const PERCENTILES = [50, 95, 99, 99.9];

/** Two complete runs side by side. */
export const compareRecords = async (directory: string, idA: string, idB: string): Promise<Comparison> =>
  compareRecordFolders(recordFolder(directory, idA), recordFolder(directory, idB));

/** The same, wherever their records lie. */
export async function compareRecordFolders(folderA: string, folderB: string): Promise<Comparison> {
  const [a, b] = await Promise.all([openRecordFolder(folderA), openRecordFolder(folderB)]);
  const [histogramsA, histogramsB] = await Promise.all([readHistogramsIn(folderA), readHistogramsIn(folderB)]);
  for (const { summary, result } of [a, b])
    if (!result || !summary.manifest || summary.state !== 'complete')
      throw new ArchipelError(
        'wrong-state',
        `The run ${summary.id} was cut off and has no result.`,
        'Compare two complete runs; what it holds can be opened.',
      );
  return {
    a: a.summary,
    b: b.summary,
    notes: notesOn(a.summary.manifest as Manifest, b.summary.manifest as Manifest),
    ...figures(a, b, histogramsA, histogramsB),
  };
}

function notesOn(a: Manifest, b: Manifest): string[] {
  const notes: string[] = [];
  if (a.document.sha256 !== b.document.sha256) notes.push('The documents differ.');
  if (a.scenario !== b.scenario) notes.push(`The scenarios differ: "${a.scenario}" and "${b.scenario}".`);
  if (a.seed !== b.seed) notes.push(`The seeds differ: ${a.seed} and ${b.seed}.`);
  if (JSON.stringify(a.host) !== JSON.stringify(b.host)) notes.push('The machines differ.');
  if (JSON.stringify(a.versions) !== JSON.stringify(b.versions)) notes.push('The versions of Archipel or Node differ.');
  return notes;
}

function figures(
  a: OpenedRecord,
  b: OpenedRecord,
  histogramsA: Histograms | null,
  histogramsB: Histograms | null,
): Pick<Comparison, 'overall' | 'routes' | 'nodes'> {
  const [resultA, resultB] = [a.result as RunResult | ExperimentResult, b.result as RunResult | ExperimentResult];
  const common = <Value>(one: Record<string, Value>, other: Record<string, Value>): string[] =>
    Object.keys(one).filter((key) => key in other);
  return {
    overall: [
      ...countFigures(resultA.traffic, resultB.traffic, resultA.durationMs, resultB.durationMs),
      ...latencyFigures(histogramsA?.overall, histogramsB?.overall),
    ],
    routes: Object.fromEntries(
      common(resultA.routes, resultB.routes).map((route) => [
        route,
        [
          ...countFigures(
            resultA.routes[route] as TrafficCounts,
            resultB.routes[route] as TrafficCounts,
            resultA.durationMs,
            resultB.durationMs,
          ),
          ...latencyFigures(histogramsA?.routes[route], histogramsB?.routes[route]),
        ],
      ]),
    ),
    nodes: Object.fromEntries(
      common(resultA.nodes, resultB.nodes).map((node) => {
        const [x, y] = [resultA.nodes[node], resultB.nodes[node]];
        return [
          node,
          [
            plain('processor (cores)', 'ratio', x?.cpu ?? null, y?.cpu ?? null),
            plain('memory', 'bytes', x?.rssBytes ?? null, y?.rssBytes ?? null),
            plain('requests', 'count', x?.requests ?? null, y?.requests ?? null),
            plain('errors', 'count', x?.errors ?? null, y?.errors ?? null),
          ],
        ];
      }),
    ),
  };
}

function countFigures(a: TrafficCounts, b: TrafficCounts, durationA: number, durationB: number): ComparedFigure[] {
  const perSec = (count: number, durationMs: number): number | null =>
    durationMs > 0 ? (count * 1000) / durationMs : null;
  return [
    plain('issued', 'count', a.issued, b.issued),
    // Arrivals of a Poisson process: the variance of a count is the count.
    withError(
      'throughput',
      'per second',
      { value: perSec(a.ok, durationA), error: perSec(Math.sqrt(a.ok), durationA) },
      { value: perSec(b.ok, durationB), error: perSec(Math.sqrt(b.ok), durationB) },
    ),
    withError('success ratio', 'ratio', successOf(a), successOf(b)),
  ];
}

/** Standard error after Agresti & Coull (1998), which also holds near 0 and 1. */
function successOf({ ok, failed }: TrafficCounts): { value: number | null; error: number | null } {
  const n = ok + failed;
  if (n === 0) return { value: null, error: null };
  const adjusted = (ok + 2) / (n + 4);
  return { value: ok / n, error: Math.sqrt((adjusted * (1 - adjusted)) / (n + 4)) };
}

function latencyFigures(a: SparseHistogram | undefined, b: SparseHistogram | undefined): ComparedFigure[] {
  if (!a || !b) return [];
  const [left, right] = [histogramOf(a), histogramOf(b)];
  return PERCENTILES.map((percentile) =>
    withError(`p${percentile}`, 'ms', percentileWithError(left, percentile), percentileWithError(right, percentile)),
  );
}

function histogramOf(sparse: SparseHistogram): Histogram {
  const histogram = createHistogram();
  mergeSparse(histogram, sparse);
  return histogram;
}

/**
 * A percentile and its standard error, from the order statistics around it: of n values, the rank of the p-quantile
 * has the standard deviation sqrt(n p (1 - p)) (Hahn & Meeker, Statistical Intervals, 1991). Takes requests as independent, which
 * they are not quite while a queue drains; the interval is then too narrow. Null where the rank lies beyond the values.
 */
function percentileWithError(histogram: Histogram, percentile: number): { value: number | null; error: number | null } {
  const value = percentileMs(histogram, percentile);
  const n = histogram.total;
  const p = percentile / 100;
  const spread = (Z * Math.sqrt(n * p * (1 - p))) / n;
  if (value === null || p + spread >= 1 || p - spread <= 0) return { value, error: null };
  const low = percentileMs(histogram, (p - spread) * 100) as number;
  const high = percentileMs(histogram, (p + spread) * 100) as number;
  return { value, error: (high - low) / 2 / Z };
}

const plain = (what: string, unit: ComparedFigure['unit'], a: number | null, b: number | null): ComparedFigure => ({
  what,
  unit,
  a,
  b,
  difference: a === null || b === null ? null : b - a,
  interval: null,
  verdict: 'not judged',
});

function withError(
  what: string,
  unit: ComparedFigure['unit'],
  a: { value: number | null; error: number | null },
  b: { value: number | null; error: number | null },
): ComparedFigure {
  const figure = plain(what, unit, a.value, b.value);
  const { difference } = figure;
  if (difference === null || a.error === null || b.error === null) return figure;
  const half = Z * Math.hypot(a.error, b.error);
  const interval = { low: difference - half, high: difference + half };
  const verdict = interval.low > 0 ? 'a lower' : interval.high < 0 ? 'b lower' : 'none shown';
  return { ...figure, interval, verdict };
}
