import type { MeasureDefinition } from '../model/definition.ts';
import { createHistogram, mergeSparse, percentileMs, reset, type SparseHistogram } from './histogram.ts';

/** What the processes of a node, or the callers of an edge, counted in a stretch of time, and their newest gauges. */
export interface Counted {
  /** By name of the counter. */
  grown: Record<string, number>;
  total: Record<string, number>;
  elapsedMs: number;
  /** By name of the gauge: the newest value of each process. */
  gauges: Record<string, number[]>;
  /** By name: what was recorded in the stretch of time, in any number of parts. */
  histograms?: Record<string, SparseHistogram[]>;
}

const sumOf = (values: Record<string, number>, names: readonly string[]): number =>
  names.reduce((sum, name) => sum + (values[name] ?? 0), 0);

/** The figures that a definition asks for; null where nothing was counted that could tell. */
export function measuresOf(definitions: readonly MeasureDefinition[], counted: Counted): Record<string, number | null> {
  return Object.fromEntries(definitions.map(({ id, source }) => [id, figureOf(source, counted)]));
}

/** Of one call at a time: frames ask for every node ten times a second, and a histogram is 13 kB. */
const scratch = createHistogram();

function figureOf(
  source: MeasureDefinition['source'],
  { grown, total, elapsedMs, gauges, histograms = {} }: Counted,
): number | null {
  switch (source.type) {
    case 'rate':
      return elapsedMs > 0 ? ((grown[source.counter] ?? 0) * 1000) / elapsedMs : null;
    case 'total':
      return total[source.counter] ?? 0;
    case 'ratio': {
      const of = sumOf(grown, source.denominator);
      return of > 0 ? sumOf(grown, source.numerator) / of : null;
    }
    case 'gauge': {
      const values = gauges[source.gauge] ?? [];
      if (values.length === 0) return null;
      const sum = values.reduce((all, value) => all + value, 0);
      if (source.over === 'sum') return sum;
      return source.over === 'max' ? Math.max(...values) : sum / values.length;
    }
    case 'percentile': {
      reset(scratch);
      for (const part of histograms[source.histogram] ?? []) mergeSparse(scratch, part);
      return percentileMs(scratch, source.percentile);
    }
  }
}

/** Adds counters by name. */
export function addCounters(into: Record<string, number>, from: Record<string, number> | undefined, times = 1): void {
  for (const [name, value] of Object.entries(from ?? {})) into[name] = (into[name] ?? 0) + times * value;
}
