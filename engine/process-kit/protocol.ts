import type { SparseHistogram } from '../metrics/histogram.ts';
import type { Destination } from '../model/broker.ts';
import type { Version } from '../model/deploy.ts';
import type { EdgeConfig, Protocol } from '../model/edge.ts';
import type { Session } from '../model/executors/fields.ts';
import type { Plan } from '../model/executors/plan.ts';
import type { TrafficRoute } from '../model/traffic-route.ts';
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
  /** The numbers of these replicas. */
  replicas?: number[];
  /** Their shares of the requests, in the same order, while a new version is tried; else they are alike. */
  weights?: number[];
  /** Replicas of a new version that get a copy of each request; their answers count for nothing. */
  shadowPorts?: number[];
  /** Where the target answers health checks over HTTP, if not where all programs of ours do. */
  healthPath?: string;
  /** How to log in, where the protocol asks for it. */
  login?: { user: string; password: string; database: string };
  /** What a broker at its other end has. */
  destinations?: readonly Destination[];
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
      /** What is deployed; a bad version behaves badly. */
      version?: Version;
      /** Private to this replica, kept over its restarts. */
      directory?: string;
      /** Where processes write down what they do with messages. */
      journalDirectory?: string;
      /** What paths in the document are relative to; null for a document that is in no file. */
      documentDirectory?: string | null;
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

/** What an idle process is told first: the program that it becomes. */
export interface LoadProgram {
  type: 'load';
  program: string;
}

/** What an idle process says when it is ready to become a program. */
export interface WarmMessage {
  type: 'warm';
}

export type ProcessMessage =
  | {
      type: 'listening';
      port: number;
      /** Where it has more doors than one: those beside the first. */
      morePorts?: number[];
    }
  /** The process cannot start or cannot apply a config; `message` says why and what to do. */
  | { type: 'failed'; message: string }
  | { type: 'frame'; frame: ProcessFrame }
  /** A process that this one has started, told in the turn of its spawn and of its exit: it must not outlive this one. */
  | { type: 'child'; pid: number; alive: boolean }
  | { type: 'reply'; id: number; ok: true; value: unknown }
  | { type: 'reply'; id: number; ok: false; message: string };

/** Calls of one process along one edge. Cumulative, but for the gauges. */
export interface EdgeCalls {
  requests: number;
  errors: number;
  /** Time from call to end, all calls together. */
  timeMs?: number;
  /** The times of the calls that ended since the frame before. */
  latency?: SparseHistogram;
  /** Attempts sent to each replica of the target, by its number. Cumulative. */
  sent?: Record<string, number>;
  /** What the edge's policies did, by name; `edgeMeasures` say what they mean. */
  counters?: Record<string, number>;
  gauges?: Record<string, number>;
}

/** One execution environment of a function. */
export interface EnvironmentStatus {
  /** Null while it waits for its turn to start. */
  pid: number | null;
  state: 'starting' | 'idle' | 'busy' | 'ending';
  /** It was started ahead, and is kept. */
  isProvisioned: boolean;
  /** Of INIT; null before it is over. */
  initMs: number | null;
  invocations: number;
  residentBytes: number;
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
  /** Time from arrival to answer, all requests together. Cumulative. */
  handlingMs?: number;
  /** How much later than set the event loop ran the timer of the frames, all its ticks together. Cumulative. */
  eventLoop?: { lateMs: number; ticks: number };
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
  /** Only from functions: their execution environments now, the oldest first; the first so many of them. */
  environments?: EnvironmentStatus[];
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
  /** Latency of the same requests from when each was really sent: what a client that omits waiting would report. */
  uncorrected: SparseHistogram;
}

/** How late the requests of one slice began, all routes: actual start − intended start. Newest replaces. */
export interface LatenessSlice {
  slice: number;
  histogram: SparseHistogram;
}

/** Cumulative. `scheduled = started + dropped` and `started = completed + interrupted + running`. */
export interface IterationCounters {
  scheduled: number;
  started: number;
  completed: number;
  /** Cut off in their middle, by the end of a graceful stop or ramp down. */
  interrupted: number;
  /** Due, and never started: nobody was free, or the time was over. */
  dropped: number;
  running: number;
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
  iterations: IterationCounters;
  /** Virtual users at work now; null where the executor does not count any. */
  vus: number | null;
  done: boolean;
  /** Slices that changed since the last frame. */
  slices: TrafficSlice[];
  lateness: LatenessSlice[];
}

/** Payload of the client's call `start-traffic`; it answers once the executor is set. `stop-traffic` ends it early. */
export interface StartTraffic {
  trafficId: string;
  seed: number;
  /** When it begins, counted from this call; times in frames and slices count from the call. */
  startTimeMs: number;
  /** From its beginning. Null: until `stop-traffic`. */
  durationMs: number | null;
  gracefulStopMs: number;
  plan: Plan;
  /** What one iteration does; of a trace, each arrival is one. */
  session: Session;
  routes: (Omit<TrafficRoute, 'edge'> & { edge: string })[];
  /** Keeps each request as it began, for the call `recorded-arrivals`. */
  recordArrivals: boolean;
}
