import { SLICE_MS, type TrafficFrame, type TrafficSlice } from '../process-kit/protocol.ts';
import { createHistogram, record, toSparse } from './histogram.ts';
import type { RecordingSource } from './source-recording.ts';

export interface ScriptedRequest {
  /** Intended start, epoch milliseconds. */
  atMs: number;
  /** Index of its route; requests take turns. */
  route: number;
}

/** What became of a request and when; null while nothing has, as seen at `nowMs`. */
export type Outcome =
  | { type: 'ok'; latencyMs: number }
  | { type: 'failed'; failure: string; afterMs: number }
  | { type: 'dropped' };

export interface ScriptedClient {
  source: RecordingSource;
  /** The whole traffic so far, as a client would tell it at this time. Times must not go back. */
  frameAt(nowMs: number): TrafficFrame;
  /** No request starts from this time on. */
  stop(atMs: number): void;
}

/** Plays evenly spaced arrivals on a clock that the test moves. Its counters are counted one by one, as a client does. */
export function createScriptedClient(options: {
  client?: string;
  trafficId?: string;
  startedAtMs: number;
  ratePerSec: number;
  routes: readonly string[];
  outcome(request: ScriptedRequest, nowMs: number): Outcome | null;
}): ScriptedClient {
  const { client = 'visitors', trafficId = 'traffic-1', startedAtMs, ratePerSec, routes, outcome } = options;
  const decided: { request: ScriptedRequest; outcome: Outcome }[] = [];
  let open: ScriptedRequest[] = [];
  let arrivals = 0;
  let endsAtMs = Number.POSITIVE_INFINITY;

  const nextAtMs = (): number => startedAtMs + (arrivals * 1000) / ratePerSec;
  const decisionMs = (request: ScriptedRequest, what: Outcome): number =>
    request.atMs + (what.type === 'ok' ? what.latencyMs : what.type === 'failed' ? what.afterMs : 0);

  function advance(nowMs: number): void {
    for (; nextAtMs() <= nowMs && nextAtMs() < endsAtMs; arrivals += 1)
      open.push({ atMs: nextAtMs(), route: arrivals % routes.length });
    open = open.filter((request) => {
      const what = outcome(request, nowMs);
      if (!what || decisionMs(request, what) > nowMs) return true;
      decided.push({ request, outcome: what });
      return false;
    });
  }

  return {
    source: { client, trafficId, ratePerSec, routes },
    stop(atMs) {
      endsAtMs = atMs;
    },
    frameAt(nowMs) {
      advance(nowMs);
      const slices = new Map<string, TrafficSlice & { histogram: ReturnType<typeof createHistogram> }>();
      const sliceOf = ({ atMs, route }: ScriptedRequest) => {
        const number = Math.floor((atMs - startedAtMs) / SLICE_MS);
        const known = slices.get(`${number}/${route}`);
        if (known) return known;
        const created = {
          slice: number,
          route,
          issued: 0,
          ok: 0,
          dropped: 0,
          failed: {},
          latency: [],
          histogram: createHistogram(),
        };
        slices.set(`${number}/${route}`, created);
        return created;
      };
      const frame: TrafficFrame = {
        trafficId,
        startedAtMs,
        scheduled: arrivals,
        issued: 0,
        ok: 0,
        failed: 0,
        dropped: 0,
        inFlight: 0,
        waiting: 0,
        done: endsAtMs <= nowMs && open.length === 0,
        slices: [],
      };
      for (const request of open) {
        frame.issued += 1;
        frame.inFlight += 1;
        sliceOf(request).issued += 1;
      }
      for (const { request, outcome: what } of decided) {
        const slice = sliceOf(request);
        if (what.type === 'dropped') {
          frame.dropped += 1;
          slice.dropped += 1;
          continue;
        }
        frame.issued += 1;
        slice.issued += 1;
        if (what.type === 'ok') {
          frame.ok += 1;
          slice.ok += 1;
          record(slice.histogram, what.latencyMs);
        } else {
          frame.failed += 1;
          slice.failed[what.failure] = (slice.failed[what.failure] ?? 0) + 1;
        }
      }
      frame.slices = [...slices.values()].map(({ histogram, ...slice }) => ({
        ...slice,
        latency: toSparse(histogram),
      }));
      return frame;
    },
  };
}
