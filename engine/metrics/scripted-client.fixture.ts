import { SLICE_MS, type TrafficFrame, type TrafficSlice } from '../process-kit/protocol.ts';
import { createHistogram, type Histogram, record, toSparse } from './histogram.ts';
import type { RecordingSource } from './source-recording.ts';

export interface ScriptedRequest {
  /** Intended start, epoch milliseconds. */
  atMs: number;
  /** Index of its route; requests take turns. */
  route: number;
}

/** What becomes of a request, as far as it can be known at `nowMs`. A dropped one is dropped when it arrives. */
export type Outcome =
  | { type: 'ok'; latencyMs: number }
  | { type: 'failed'; failure: string; afterMs: number }
  | { type: 'dropped' };

export interface ScriptedClient {
  source: RecordingSource;
  /** What changed since the last frame, as a client would tell it at this time. Times must not go back. */
  frameAt(nowMs: number): TrafficFrame;
  /** No request starts from this time on. */
  stop(atMs: number): void;
}

interface OpenSlice extends TrafficSlice {
  histogram: Histogram;
}

export const plannedAt = (ratePerSec: number) => (fromMs: number, toMs: number) =>
  (ratePerSec * (toMs - fromMs)) / 1000;

/** Plays evenly spaced arrivals on a clock that the test moves. It counts each thing where it happens, as a client does. */
export function createScriptedClient(options: {
  client?: string;
  trafficId?: string;
  startedAtMs: number;
  ratePerSec: number;
  routes: readonly string[];
  outcome(request: ScriptedRequest, nowMs: number): Outcome | null;
}): ScriptedClient {
  const { client = 'visitors', trafficId = 'traffic-1', startedAtMs, ratePerSec, routes, outcome } = options;
  const counters = { scheduled: 0, issued: 0, ok: 0, failed: 0, dropped: 0, inFlight: 0, waiting: 0 };
  const iterations = { scheduled: 0, started: 0, completed: 0, interrupted: 0, dropped: 0, running: 0 };
  const slices = new Map<string, OpenSlice>();
  /** Nothing is ever late here, and each request is an iteration. */
  const lateness = new Map<number, Histogram>();
  const changed = new Set<OpenSlice>();
  let open: ScriptedRequest[] = [];
  let endsAtMs = Number.POSITIVE_INFINITY;

  function sliceOf({ atMs, route }: ScriptedRequest): OpenSlice {
    const slice = Math.floor((atMs - startedAtMs) / SLICE_MS);
    const key = `${slice}/${route}`;
    const counted = slices.get(key) ?? {
      slice,
      route,
      issued: 0,
      ok: 0,
      dropped: 0,
      failed: {},
      latency: [],
      uncorrected: [],
      histogram: createHistogram(),
    };
    slices.set(key, counted);
    changed.add(counted);
    return counted;
  }

  function arrive(request: ScriptedRequest): void {
    counters.scheduled += 1;
    iterations.scheduled += 1;
    iterations.started += 1;
    iterations.running += 1;
    const { slice } = sliceOf(request);
    const late = lateness.get(slice) ?? createHistogram();
    record(late, 0);
    lateness.set(slice, late);
    if (outcome(request, request.atMs)?.type === 'dropped') {
      counters.dropped += 1;
      sliceOf(request).dropped += 1;
      complete();
      return;
    }
    counters.issued += 1;
    counters.inFlight += 1;
    sliceOf(request).issued += 1;
    open.push(request);
  }

  function complete(): void {
    iterations.completed += 1;
    iterations.running -= 1;
  }

  /** True while nothing has become of the request. */
  function stillOpen(request: ScriptedRequest, nowMs: number): boolean {
    const what = outcome(request, nowMs);
    if (!what || what.type === 'dropped') return true;
    if (request.atMs + (what.type === 'ok' ? what.latencyMs : what.afterMs) > nowMs) return true;
    const slice = sliceOf(request);
    counters.inFlight -= 1;
    complete();
    if (what.type === 'ok') {
      counters.ok += 1;
      slice.ok += 1;
      record(slice.histogram, what.latencyMs);
    } else {
      counters.failed += 1;
      slice.failed[what.failure] = (slice.failed[what.failure] ?? 0) + 1;
    }
    return false;
  }

  return {
    source: { client, trafficId, planned: plannedAt(ratePerSec), routes },
    stop(atMs) {
      endsAtMs = atMs;
    },
    frameAt(nowMs) {
      for (;;) {
        const atMs = startedAtMs + (counters.scheduled * 1000) / ratePerSec;
        if (atMs > nowMs || atMs >= endsAtMs) break;
        arrive({ atMs, route: counters.scheduled % routes.length });
      }
      open = open.filter((request) => stillOpen(request, nowMs));
      const told = [...changed].map(
        ({ histogram, ...slice }): TrafficSlice => ({
          ...slice,
          failed: { ...slice.failed },
          latency: toSparse(histogram),
          uncorrected: toSparse(histogram),
        }),
      );
      const late = [...new Set(told.map(({ slice }) => slice))].map((slice) => ({
        slice,
        histogram: toSparse(lateness.get(slice) ?? createHistogram()),
      }));
      changed.clear();
      return {
        trafficId,
        startedAtMs,
        ...counters,
        iterations: { ...iterations },
        vus: null,
        done: endsAtMs <= nowMs && open.length === 0,
        slices: told,
        lateness: late,
      };
    },
  };
}
