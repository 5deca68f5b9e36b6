import type { TrafficStatus } from '../api/types.ts';
import type { TrafficFrame } from '../process-kit/protocol.ts';
import { createHistogram, type Histogram } from './histogram.ts';
import { summarizeLatency } from './latency-summary.ts';
import {
  createSourceRecording,
  type RecordingSource,
  type Selection,
  type SourceRecording,
  type TimeRange,
} from './source-recording.ts';
import { createTally, failedIn, type Tally } from './tally.ts';

export interface Rates {
  /** What the scenario asks for. */
  plannedPerSec: number;
  /** Requests that became due: sent or dropped. */
  arrivalsPerSec: number;
  issuedPerSec: number;
  okPerSec: number;
  failedPerSec: number;
}

/**
 * What the clients of one run recorded, merged. Frames may come in any order and more than once.
 *
 * A range takes in the slices that lie in it completely: a request is never counted for a time outside the range.
 */
export interface Recording {
  /** `frameAtMs` is the time of the process frame. False when the frame is of another traffic, or changes nothing. */
  add(client: string, frame: TrafficFrame, frameAtMs: number): boolean;
  /** The process of a client ended: unless its traffic was over, what it had in flight stays in flight for good. */
  clientEnded(client: string): void;
  /** From now on, ranges reach back to what is the oldest kept slice now. */
  keepAll(): void;
  /** Clients that ended before their traffic was over. */
  lostClients(): string[];
  /** True when every source has said that it is over, or can never say so any more. */
  done(): boolean;
  sources(): readonly SourceRecording[];
  /** Names of all routes, each once. */
  routes(): string[];
  tally(selection?: Selection): Tally;
  /** Sent and neither answered nor failed, as the clients count it, all routes. */
  inFlight(): number;
  /** Latencies of the successful requests from their intended start; merged, never averaged. */
  latency(selection?: Selection): Histogram;
  /** Each source counts for the part of the range in which it was recorded. */
  rates(selection: Selection & { range: TimeRange }): Rates;
  /** From when on the range is covered for every source: at most a slice after its beginning. */
  firstSliceAtMs(range: TimeRange): number;
  /** Live figures of the newest `lastMs` that the clients have told of. */
  window(lastMs: number, nowMs: number): TrafficStatus['window'];
  /** The longest time from the end of a slice until its last request was known to be decided, at the pace of the frames. */
  decisionLagMs(range: TimeRange): number;
}

/** A request is decided at most two timeouts after its intended start, and a timeout is at most ten minutes. */
const RETAIN_MS = 30 * 60_000;

/** Frames come every 100 ms, so that the newest two slices may not be told of yet. */
const LIVE_LAG_MS = 200;

/** `retainMs`: how far back ranges reach, so that traffic may go on for days. What is over all time stays complete. */
export function createRecording(sources: readonly RecordingSource[], { retainMs = RETAIN_MS } = {}): Recording {
  const retention = { retainMs };
  const recordings = sources.map((source) => createSourceRecording(source, retention));
  const lost = new Set<string>();

  const rates: Recording['rates'] = (selection) => {
    const sum: Rates = { plannedPerSec: 0, arrivalsPerSec: 0, issuedPerSec: 0, okPerSec: 0, failedPerSec: 0 };
    for (const recording of recordings) {
      const coveredMs = recording.coveredMs(selection.range);
      if (coveredMs === 0) continue;
      const perSec = (count: number): number => (count * 1000) / coveredMs;
      const tally = recording.tally(selection, createTally());
      sum.plannedPerSec += recording.source.ratePerSec;
      sum.arrivalsPerSec += perSec(tally.issued + tally.dropped);
      sum.issuedPerSec += perSec(tally.issued);
      sum.okPerSec += perSec(tally.ok);
      sum.failedPerSec += perSec(failedIn(tally));
    }
    return sum;
  };

  const latency: Recording['latency'] = (selection = {}) =>
    recordings.reduce((into, recording) => recording.latency(selection, into), createHistogram());

  return {
    add: (client, frame, frameAtMs) =>
      recordings
        .find(({ source }) => source.client === client && source.trafficId === frame.trafficId)
        ?.add(frame, frameAtMs) ?? false,

    clientEnded(client) {
      if (recordings.some(({ source, counters }) => source.client === client && !counters()?.done)) lost.add(client);
    },
    keepAll() {
      retention.retainMs = Number.POSITIVE_INFINITY;
    },
    lostClients: () => [...lost],
    done: () => recordings.every(({ source, counters }) => counters()?.done || lost.has(source.client)),

    sources: () => recordings,
    routes: () => [...new Set(sources.flatMap(({ routes }) => routes))],
    tally: (selection = {}) => recordings.reduce((into, recording) => recording.tally(selection, into), createTally()),
    inFlight: () => recordings.reduce((sum, { counters }) => sum + (counters()?.inFlight ?? 0), 0),
    latency,
    rates,

    window(lastMs, nowMs) {
      const range = { fromMs: nowMs - LIVE_LAG_MS - lastMs, toMs: nowMs - LIVE_LAG_MS };
      const { issuedPerSec, okPerSec, failedPerSec } = rates({ range });
      return { ratePerSec: issuedPerSec, okPerSec, failedPerSec, latencyMs: summarizeLatency(latency({ range })) };
    },

    firstSliceAtMs: (range) =>
      Math.max(range.fromMs, ...recordings.map((recording) => recording.firstSliceAtMs(range))),
    decisionLagMs: (range) => Math.max(0, ...recordings.map((recording) => recording.decisionLagMs(range))),
  };
}
