import type { CorrectedLatency, GeneratorFigures, IterationCounts, TrafficStatus } from '../api/types.ts';
import type { TrafficFrame } from '../process-kit/protocol.ts';
import { createHistogram, type Histogram, percentileMs } from './histogram.ts';
import { summarizeLatency } from './latency-summary.ts';
import {
  createSourceRecording,
  type LatencyOf,
  type RecordingSource,
  type Selection,
  type SourceRecording,
  type TimeRange,
} from './source-recording.ts';
import { createTally, failedIn, type Tally } from './tally.ts';

export interface Rates {
  /** What the scenario asks for; null where the answers decide how many requests there are. */
  plannedPerSec: number | null;
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
  /** Latencies of the successful requests, by default from their intended start; merged, never averaged. */
  latency(selection?: Selection, of?: LatencyOf): Histogram;
  latencySummary(selection?: Selection): CorrectedLatency;
  /** How well the clients kept up with what they were to send. */
  generator(range?: TimeRange): GeneratorFigures;
  /** As the clients count them, over all time. */
  iterations(): IterationCounts;
  /** Virtual users at work, by the newest frames; null where no executor counts any. */
  vus(): number | null;
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
  return recordingOver(recordings, retention);
}

/** What these sources recorded, merged. They may belong to others, who add to them. */
export function recordingOver(
  recordings: readonly SourceRecording[],
  retention: { retainMs: number } = { retainMs: RETAIN_MS },
): Recording {
  const lost = new Set<string>();

  const rates: Recording['rates'] = (selection) => {
    const sum: Rates = { plannedPerSec: 0, arrivalsPerSec: 0, issuedPerSec: 0, okPerSec: 0, failedPerSec: 0 };
    for (const recording of recordings) {
      const coveredMs = recording.coveredMs(selection.range);
      if (coveredMs === 0) continue;
      const perSec = (count: number): number => (count * 1000) / coveredMs;
      const tally = recording.tally(selection, createTally());
      const planned = recording.planned(selection.range);
      sum.plannedPerSec = planned === null || sum.plannedPerSec === null ? null : sum.plannedPerSec + perSec(planned);
      sum.arrivalsPerSec += perSec(tally.issued + tally.dropped);
      sum.issuedPerSec += perSec(tally.issued);
      sum.okPerSec += perSec(tally.ok);
      sum.failedPerSec += perSec(failedIn(tally));
    }
    return sum;
  };

  const latency: Recording['latency'] = (selection = {}, of = 'latency') =>
    recordings.reduce((into, recording) => recording.latency(selection, into, of), createHistogram());

  const latencySummary: Recording['latencySummary'] = (selection) => ({
    ...summarizeLatency(latency(selection)),
    uncorrected: summarizeLatency(latency(selection, 'uncorrected')),
  });

  const tally: Recording['tally'] = (selection = {}) =>
    recordings.reduce((into, recording) => recording.tally(selection, into), createTally());

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
    routes: () => [...new Set(recordings.flatMap(({ source }) => source.routes))],
    tally,
    inFlight: () => recordings.reduce((sum, { counters }) => sum + (counters()?.inFlight ?? 0), 0),
    latency,
    latencySummary,
    rates,

    generator(range) {
      const lateness = recordings.reduce((into, recording) => recording.lateness(range, into), createHistogram());
      const { issued, dropped } = tally({ range });
      return {
        latenessMs: {
          p50: percentileMs(lateness, 50),
          p99: percentileMs(lateness, 99),
          max: percentileMs(lateness, 100),
        },
        due: issued + dropped,
        dropped,
      };
    },
    iterations() {
      const sum: IterationCounts = { started: 0, completed: 0, interrupted: 0, dropped: 0 };
      for (const { counters } of recordings)
        for (const count of Object.keys(sum) as (keyof IterationCounts)[])
          sum[count] += counters()?.iterations[count] ?? 0;
      return sum;
    },
    vus: () =>
      recordings.reduce<number | null>((sum, { counters }) => {
        const vus = counters()?.vus ?? null;
        return vus === null ? sum : (sum ?? 0) + vus;
      }, null),

    window(lastMs, nowMs) {
      const range = { fromMs: nowMs - LIVE_LAG_MS - lastMs, toMs: nowMs - LIVE_LAG_MS };
      const { issuedPerSec, okPerSec, failedPerSec } = rates({ range });
      return { ratePerSec: issuedPerSec, okPerSec, failedPerSec, latencyMs: latencySummary({ range }) };
    },

    firstSliceAtMs: (range) =>
      Math.max(range.fromMs, ...recordings.map((recording) => recording.firstSliceAtMs(range))),
    decisionLagMs: (range) => Math.max(0, ...recordings.map((recording) => recording.decisionLagMs(range))),
  };
}
