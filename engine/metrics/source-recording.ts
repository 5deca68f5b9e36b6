import { SLICE_MS, type TrafficFrame, type TrafficSlice } from '../process-kit/protocol.ts';
import { countIn, createHistogram, type Histogram, merge, mergeSparse, type SparseHistogram } from './histogram.ts';
import { addTally, createTally, failedIn, type Tally } from './tally.ts';

/** One traffic source of a scenario, as it was started on a client. */
export interface RecordingSource {
  client: string;
  trafficId: string;
  /** Requests that it should begin between two times, in milliseconds since its start; null where the answers decide that. */
  planned: ((fromMs: number, toMs: number) => number) | null;
  /** Names of the routes, in the order of the source. A name may occur in several sources: results join them. */
  routes: readonly string[];
}

/** A stretch of epoch time, without its end. */
export interface TimeRange {
  fromMs: number;
  toMs: number;
}

/** Which requests: with an intended start in the range, of one route. All of them when empty. */
export interface Selection {
  range?: TimeRange;
  route?: string;
}

/** A frame without its slices: the counters as the client counted them. */
export type TrafficCounters = Omit<TrafficFrame, 'slices' | 'lateness'>;

/** Latency from the intended start, or from when the request really was sent. */
export type LatencyOf = 'latency' | 'uncorrected';

/** What one source recorded. */
export interface SourceRecording {
  source: RecordingSource;
  /** The newest counters; null before the first frame. */
  counters(): TrafficCounters | null;
  /** When the newest frame was taken that told of them; null before the first. */
  toldAtMs(): number | null;
  add(frame: TrafficFrame, frameAtMs: number): boolean;
  tally(selection: Selection, into: Tally): Tally;
  latency(selection: Selection, into: Histogram, of?: LatencyOf): Histogram;
  /** How late requests began: actual start − intended start. */
  lateness(range: TimeRange | undefined, into: Histogram): Histogram;
  /** Requests that the whole slices in the range should begin; null where the answers decide that. */
  planned(range: TimeRange): number | null;
  /** Time of the whole slices in the range. */
  coveredMs(range: TimeRange): number;
  /** When the first whole slice in the range begins; the end of the range when it holds none. */
  firstSliceAtMs(range: TimeRange): number;
  decisionLagMs(range: TimeRange): number;
}

interface StoredSlice {
  slice: TrafficSlice;
  changedAtMs: number;
}

const sliceProgress = (slice: TrafficSlice): number => slice.issued + slice.ok + slice.dropped + failedIn(slice);
const frameProgress = ({ iterations, ...frame }: TrafficCounters): number =>
  frame.scheduled +
  frame.issued +
  frame.ok +
  frame.failed +
  frame.dropped +
  iterations.scheduled +
  iterations.started +
  iterations.completed +
  iterations.interrupted +
  iterations.dropped +
  (frame.done ? 0.5 : 0);

/**
 * Keeps the slices of one source. All counters of a client only ever grow, so of two versions of the same thing the
 * one that counted more is the newer, whatever order they come in.
 */
export function createSourceRecording(source: RecordingSource, retention: { retainMs: number }): SourceRecording {
  /** Slice number → route index → slice. */
  const slices = new Map<number, StoredSlice[]>();
  /** Per route index, over all slices ever. */
  const tallies = source.routes.map(createTally);
  /** Per route index, latencies of the slices that are no longer kept one by one. */
  const settledLatency = {
    latency: source.routes.map(createHistogram),
    uncorrected: source.routes.map(createHistogram),
  };
  /** By number of the slice, and of those that are no longer kept. */
  const lateness = new Map<number, SparseHistogram>();
  const settledLateness = createHistogram();
  let counters: TrafficCounters | null = null;
  let toldAtMs: number | null = null;
  let oldest = 0;
  let newest = -1;

  const isOf = (route: string | undefined, index: number): boolean =>
    route === undefined || source.routes[index] === route;

  function store(slice: TrafficSlice, changedAtMs: number): boolean {
    const tally = tallies[slice.route];
    // A slice that is no longer kept cannot be replaced; the conservation check would show the difference.
    if (!tally || slice.slice < oldest) return false;
    const row = slices.get(slice.slice) ?? [];
    const known = row[slice.route];
    const ahead = known ? sliceProgress(slice) - sliceProgress(known.slice) : 1;
    if (known && ahead === 0) known.changedAtMs = Math.min(known.changedAtMs, changedAtMs);
    if (ahead <= 0) return false;
    if (known) addTally(tally, known.slice, -1);
    addTally(tally, slice);
    row[slice.route] = { slice, changedAtMs };
    slices.set(slice.slice, row);
    newest = Math.max(newest, slice.slice);
    return true;
  }

  function settle(): void {
    for (; oldest < newest - retention.retainMs / SLICE_MS; oldest += 1) {
      slices.get(oldest)?.forEach(({ slice }, route) => {
        for (const kind of ['latency', 'uncorrected'] as const)
          mergeSparse(settledLatency[kind][route] as Histogram, slice[kind]);
      });
      slices.delete(oldest);
      mergeSparse(settledLateness, lateness.get(oldest) ?? []);
      lateness.delete(oldest);
    }
  }

  /** Numbers of the whole slices in a range: from the first to before the second. */
  function wholeSlices(range: TimeRange): [number, number] {
    if (!counters) return [0, 0];
    const from = Math.max(0, Math.ceil((range.fromMs - counters.startedAtMs) / SLICE_MS));
    return [from, Math.max(from, Math.floor((range.toMs - counters.startedAtMs) / SLICE_MS))];
  }

  function eachSlice({ range, route }: Selection, visit: (stored: StoredSlice) => void): void {
    const [from, to] = range ? wholeSlices(range) : [oldest, newest + 1];
    for (let number = Math.max(from, oldest); number < to && number <= newest; number += 1) {
      slices.get(number)?.forEach((stored, index) => {
        if (isOf(route, index)) visit(stored);
      });
    }
  }

  return {
    source,
    counters: () => counters,
    toldAtMs: () => toldAtMs,

    add({ slices: changedSlices, lateness: late, ...frame }, frameAtMs) {
      let changed = false;
      toldAtMs = Math.max(toldAtMs ?? 0, frameAtMs);
      if (!counters || frameProgress(frame) > frameProgress(counters)) {
        counters = frame;
        changed = true;
      }
      for (const slice of changedSlices) changed = store(slice, frameAtMs) || changed;
      for (const { slice, histogram } of late)
        if (slice >= oldest && countIn(histogram) > countIn(lateness.get(slice) ?? [])) lateness.set(slice, histogram);
      settle();
      return changed;
    },

    tally(selection, into) {
      if (selection.range) eachSlice(selection, ({ slice }) => addTally(into, slice));
      else for (const [index, tally] of tallies.entries()) if (isOf(selection.route, index)) addTally(into, tally);
      return into;
    },

    latency(selection, into, of = 'latency') {
      eachSlice(selection, ({ slice }) => mergeSparse(into, slice[of]));
      if (!selection.range)
        for (const [index, settled] of settledLatency[of].entries())
          if (isOf(selection.route, index)) merge(into, settled);
      return into;
    },

    lateness(range, into) {
      const [from, to] = range ? wholeSlices(range) : [0, Number.POSITIVE_INFINITY];
      for (const [slice, histogram] of lateness) if (slice >= from && slice < to) mergeSparse(into, histogram);
      if (!range) merge(into, settledLateness);
      return into;
    },

    planned(range) {
      const [from, to] = wholeSlices(range);
      return source.planned?.(from * SLICE_MS, to * SLICE_MS) ?? null;
    },

    coveredMs(range) {
      const [from, to] = wholeSlices(range);
      return (to - from) * SLICE_MS;
    },

    firstSliceAtMs(range) {
      const [from, to] = wholeSlices(range);
      return counters && to > from ? counters.startedAtMs + from * SLICE_MS : range.toMs;
    },

    decisionLagMs(range) {
      let lagMs = 0;
      eachSlice({ range }, ({ slice, changedAtMs }) => {
        lagMs = Math.max(lagMs, changedAtMs - (counters?.startedAtMs ?? 0) - (slice.slice + 1) * SLICE_MS);
      });
      return lagMs;
    },
  };
}
