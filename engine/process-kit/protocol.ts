import type { SparseHistogram } from '../metrics/histogram.ts';
import type { EdgeConfig, Protocol } from '../model/edge.ts';
import type { TracingFrame } from './tracing-record.ts';

/*
 * What the engine host and a spawned process say to each other, as JSON over Node's IPC channel.
 * The host validates; the process trusts.
 */

/** An outgoing edge as its caller sees it: addresses of the link, never of the target. */
export interface WiredEdge {
  id: string;
  targetId: string;
  protocol: Protocol;
  config: EdgeConfig;
  /** One link port on 127.0.0.1 for each replica of the target. */
  ports: number[];
  /** How to log in, where the protocol asks for it. */
  login?: { user: string; password: string; database: string };
}

export type HostMessage =
  | {
      type: 'start';
      nodeId: string;
      replica: number;
      config: unknown;
      edges: WiredEdge[];
      frameIntervalMs: number;
      /** As in `trace`; without it, a default. */
      traceRatio?: number | null;
    }
  | { type: 'configure'; config: unknown }
  /** Share of the requests that begin here that is traced whether they fail or not; null: nothing is traced. */
  | { type: 'trace'; ratio: number | null }
  /** Spans of these traces are wanted, past ones too: somebody else saw them fail. */
  | { type: 'recall'; traceIds: readonly string[] }
  | { type: 'wire'; edges: WiredEdge[] }
  /** Finish what is in flight, then exit; the host kills after the deadline. */
  | { type: 'stop'; drainMs: number }
  /** A call that the process answers with `reply`. Names belong to the kind, or to the process kit. */
  | { type: 'call'; id: number; name: string; payload: unknown };

export type ProcessMessage =
  | { type: 'listening'; port: number }
  /** The process cannot start or cannot apply a config; `message` says why and what to do. */
  | { type: 'failed'; message: string }
  | { type: 'frame'; frame: ProcessFrame }
  | { type: 'reply'; id: number; ok: true; value: unknown }
  | { type: 'reply'; id: number; ok: false; message: string };

/** Calls of one process along one edge. Cumulative, but for the gauges. */
export interface EdgeCalls {
  requests: number;
  errors: number;
  /** Time from call to end, all calls together. */
  timeMs?: number;
  /** What the edge's policies did, by name; `edgeMeasures` say what they mean. */
  counters?: Record<string, number>;
  gauges?: Record<string, number>;
}

/** What a process measured. Counters are cumulative, so that a lost frame loses nothing; histograms are of this frame. */
export interface ProcessFrame {
  atMs: number;
  /** CPU time used so far, user and system. */
  cpuUs: number;
  rssBytes: number;
  /** Requests answered or forwarded so far, and those of them that failed. */
  requests: number;
  errors: number;
  inFlight: number;
  latency: SparseHistogram;
  /** Cumulative calls along each outgoing edge: those that ended, and those of them that failed. */
  calls?: Record<string, EdgeCalls>;
  /** Cumulative counters and newest gauges of the kind's own, by name; its definition's `measures` say what they mean. */
  counters?: Record<string, number>;
  gauges?: Record<string, number>;
  /** Durations that the kind's own measures ask for, by name; of this frame. */
  histograms?: Record<string, SparseHistogram>;
  /** Only from clients. */
  traffic?: TrafficFrame;
  tracing?: TracingFrame;
}

/** Requests whose intended start lies in one slice of time, one route. Cumulative for the slice; newest replaces. */
export interface TrafficSlice {
  /** Slice number since the start of the traffic; see `SLICE_MS`. */
  slice: number;
  /** Index of the route in the traffic source. */
  route: number;
  issued: number;
  ok: number;
  dropped: number;
  /** Failed requests by `reason@hop`. */
  failed: Record<string, number>;
  /** Latency of the successful requests, from the intended start. */
  latency: SparseHistogram;
}

/** Length of a slice of a traffic recording. */
export const SLICE_MS = 100;

export interface TrafficFrame {
  /** Which `start-traffic` call this belongs to. */
  trafficId: string;
  /** Epoch milliseconds (fractional) of the first intended start's zero. */
  startedAtMs: number;
  /** Cumulative over the traffic; counted where it happens, none is derived from another. */
  scheduled: number;
  issued: number;
  ok: number;
  failed: number;
  dropped: number;
  inFlight: number;
  waiting: number;
  done: boolean;
  /** Slices that changed since the last frame. */
  slices: TrafficSlice[];
}

/** Payload of the client's call `start-traffic`; it answers once the first arrival is scheduled. `stop-traffic` ends it early. */
export interface StartTraffic {
  trafficId: string;
  seed: number;
  /** Null: until `stop-traffic`. */
  durationMs: number | null;
  gracefulStopMs: number;
  ratePerSec: number;
  arrivals: 'poisson' | 'uniform';
  routes: { method: string; path: string; weight: number; edge: string }[];
}
