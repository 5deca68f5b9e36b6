import { edgeMeasures } from '../model/edge-measures.ts';
import type { EdgeCalls } from '../process-kit/protocol.ts';
import {
  createHistogram,
  type Histogram,
  mergeSparse,
  percentileMs,
  reset,
  type SparseHistogram,
  toSparse,
} from './histogram.ts';
import { addCounters, type Counted, measuresOf } from './measures.ts';
import { sharesOf } from './shares.ts';

/** Calls along one edge so far, of all processes that ever made any. */
export interface EdgeTotals {
  requests: number;
  errors: number;
  counters: Record<string, number>;
  /** Attempts, by number of the replica. */
  sent: Record<string, number>;
  /** The newest of each process that is still there. */
  gauges: Record<string, number[]>;
}

export interface EdgeWindow {
  /** The newest figures of a calling process, and when they were taken. */
  add(pid: number, calls: EdgeCalls, atMs?: number): void;
  /** The process is gone: what it counted stays, its gauges go. */
  ended(pid: number): void;
  totals(): EdgeTotals;
  /** The times of all calls so far. */
  latency(): SparseHistogram;
  /** Adds the times of the calls that ended in the last second. */
  addLatency(into: Histogram, nowMs: number): void;
  /** Of the calls that ended in the last second; null where none did. */
  p99Ms(nowMs: number): number | null;
  /** What part of the last second's requests each replica got; see `sharesOf`. */
  shares(nowMs: number): Record<string, number> | undefined;
  /** The figures of the edge over the last second. */
  measures(nowMs: number): Record<string, number | null>;
}

const WINDOW_MS = 1000;

/** Of one call at a time: frames ask for every edge ten times a second, and a histogram is 13 kB. */
const scratch = createHistogram();

export function createEdgeWindow(): EdgeWindow {
  const callers = new Map<number, EdgeCalls>();
  const gone = new Set<number>();
  let latencies: { atMs: number; latency: SparseHistogram }[] = [];
  /** Of all calls; made with the first of them. */
  let recorded: Histogram | null = null;
  let readings: ({ atMs: number } & Pick<EdgeTotals, 'counters' | 'sent'>)[] = [];

  /** Until a figure changes; it is asked for several times for each frame. */
  let known: EdgeTotals | undefined;

  const totals = (): EdgeTotals => {
    known ??= addUp();
    return known;
  };

  const addUp = (): EdgeTotals => {
    const sum: EdgeTotals = { requests: 0, errors: 0, counters: {}, sent: {}, gauges: {} };
    for (const [pid, { requests, errors, counters, sent, gauges }] of callers) {
      sum.requests += requests;
      sum.errors += errors;
      addCounters(sum.counters, counters);
      addCounters(sum.sent, sent);
      if (gone.has(pid)) continue;
      for (const [name, value] of Object.entries(gauges ?? {})) {
        sum.gauges[name] ??= [];
        sum.gauges[name].push(value);
      }
    }
    return sum;
  };

  /** What there was a second ago, or when the edge was first looked at. */
  const atWindowStart = (nowMs: number): (typeof readings)[number] | undefined => {
    const { counters, sent } = totals();
    readings.push({ atMs: nowMs, counters, sent });
    readings = readings.filter((_, index) => (readings[index + 1]?.atMs ?? nowMs) > nowMs - WINDOW_MS);
    return readings[0];
  };

  const addLatency = (into: Histogram, nowMs: number): void => {
    for (const { atMs, latency } of latencies) if (atMs > nowMs - WINDOW_MS) mergeSparse(into, latency);
  };

  return {
    add(pid, { latency, ...calls }, atMs = Date.now()) {
      callers.set(pid, calls);
      known = undefined;
      latencies = latencies.filter((entry) => entry.atMs > atMs - WINDOW_MS);
      if (!latency) return;
      latencies.push({ atMs, latency });
      recorded ??= createHistogram();
      mergeSparse(recorded, latency);
    },
    ended(pid) {
      gone.add(pid);
      known = undefined;
    },
    totals,
    latency: () => (recorded ? toSparse(recorded) : []),
    addLatency,
    p99Ms(nowMs) {
      reset(scratch);
      addLatency(scratch, nowMs);
      return percentileMs(scratch, 99);
    },
    shares: (nowMs) => sharesOf(totals().sent, atWindowStart(nowMs)?.sent),
    measures(nowMs) {
      const { counters: total, gauges } = totals();
      const grown = { ...total };
      addCounters(grown, atWindowStart(nowMs)?.counters, -1);
      return edgeFigures({ grown, total, elapsedMs: WINDOW_MS, gauges });
    },
  };
}

/** The figures of a stretch of time. Those of which nothing was ever counted are left out. */
export const edgeFigures = (counted: Counted): Record<string, number | null> =>
  measuresOf(
    edgeMeasures.filter(({ source }) =>
      namesIn(source).some((name) => name in counted.total || name in counted.gauges),
    ),
    counted,
  );

function namesIn(source: (typeof edgeMeasures)[number]['source']): readonly string[] {
  switch (source.type) {
    case 'ratio':
      return source.denominator;
    case 'gauge':
      return [source.gauge];
    case 'percentile':
      return [source.histogram];
    default:
      return [source.counter];
  }
}
