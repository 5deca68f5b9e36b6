import type {
  EdgeStatus,
  ExperimentResult,
  ExperimentStatus,
  FaultStatus,
  LatencySummary,
  NodeStatus,
  ReplicaStatus,
  RunResult,
  TopologyState,
  TrafficCounts,
  TrafficStatus,
} from '../api/types.ts';
import type { SparseHistogram } from '../metrics/histogram.ts';

/*
 * A run record: one folder for each run, readable with nothing but a text editor.
 *
 *   manifest.json            what ran, where, when, with which seed
 *   document.archipel.json   the document as it ran
 *   series.ndjson            one sample a second while it ran
 *   events.ndjson            what happened, as it happened
 *   log.ndjson               what the processes wrote, and what became of them; bounded
 *   result-so-far.json       what it would have come to if it ended now, every few seconds while it runs
 *   result.json, histograms.json, traces.json     at the end
 *
 * A folder without its last files is one of a run that was cut off: what it holds is true up to that moment.
 */

export const RECORD_FORMAT = 1;

export const SO_FAR_FILE = 'result-so-far.json';

export interface Manifest {
  format: typeof RECORD_FORMAT;
  id: string;
  type: 'run' | 'experiment';
  /** Of the experiment, or of the scenario. */
  name: string;
  document: { name: string; path: string | null; sha256: string };
  scenario: string;
  seed: number;
  /** How long the traffic was to last; null: until it is stopped. Left out where the document says it. */
  durationMs?: number | null;
  startedAtMs: number;
  versions: { archipel: string; node: string; postgres: string | null };
  host: { platform: string; cpuModel: string; cores: number; memoryBytes: number };
  /** Of the engine that writes it; it is at work as long as that process lives and `endedAtMs` is null. */
  pid: number;
  endedAtMs: number | null;
  /** What this record cost the engine, measured; null until the end. */
  cost: { cpuMs: number; bytes: number } | null;
}

/**
 * One moment of a run: what the window showed then, so that it can be shown again. What may be left out is not in records
 * of older versions.
 */
export interface Sample {
  atMs: number;
  topology?: TopologyState;
  traffic:
    | ({
        counts: TrafficCounts;
        ratePerSec: number;
        okPerSec: number;
        failedPerSec: number;
        latencyMs: LatencySummary;
      } & Partial<Omit<TrafficStatus, 'counts' | 'window'>>)
    | null;
  nodes: Record<
    string,
    Partial<Omit<NodeStatus, 'replicas' | 'state'>> & {
      state: string;
      replicas: number;
      requestsPerSec: number;
      errorsPerSec: number;
      p50Ms: number | null;
      p99Ms: number | null;
      inFlight: number;
      cpu: number;
      rssBytes: number;
      measures: Record<string, number | null>;
      /** Its processes one by one; `replicas` counts those that are ready. */
      members?: ReplicaStatus[];
    }
  >;
  edges: Record<string, Partial<Omit<EdgeStatus, 'id'>> & { requests: number; errors: number }>;
  /** Faults that are on, and those that ended in the last minute; left out where there are none. */
  faults?: FaultStatus[];
  /** How far an experiment is; its probes are in the result. */
  experiment?: Omit<ExperimentStatus, 'probes' | 'lastProbe'>;
}

export interface RunEvent {
  atMs: number;
  type: 'state' | 'fault' | 'scale' | 'deploy' | 'journal';
  /** What it happened to: a node, a replica, a target; null for the run as a whole. */
  subject: string | null;
  text: string;
}

/** Latencies of successful requests, which merge exactly. */
export interface Histograms {
  overall: SparseHistogram;
  routes: Record<string, SparseHistogram>;
}

export type RecordState = 'recording' | 'complete' | 'interrupted' | 'broken';

export interface RecordSummary {
  id: string;
  state: RecordState;
  /** Why it is broken, or null. */
  problem: string | null;
  manifest: Manifest | null;
  sizeBytes: number;
  /** Of an experiment. */
  verdict: string | null;
  counts: TrafficCounts | null;
}

export interface OpenedRecord {
  summary: RecordSummary;
  /** Of a run that was cut off: what it had come to shortly before. Null where it had not come to anything. */
  result: RunResult | ExperimentResult | null;
  series: Sample[];
  events: RunEvent[];
}

/** A figure of two runs, with a 95 % interval of the difference where one can be given. */
export interface ComparedFigure {
  what: string;
  unit: 'ms' | 'count' | 'ratio' | 'per second' | 'bytes';
  a: number | null;
  b: number | null;
  /** `b - a`; null where one of them is missing. */
  difference: number | null;
  /** 95 % confidence interval of the difference; null where the record does not tell. */
  interval: { low: number; high: number } | null;
  /** `none shown`: the interval holds 0. */
  verdict: 'a lower' | 'b lower' | 'none shown' | 'not judged';
}

export interface Comparison {
  a: RecordSummary;
  b: RecordSummary;
  /** What makes the two runs hard to compare: another document, host, scenario, seed. */
  notes: string[];
  overall: ComparedFigure[];
  routes: Record<string, ComparedFigure[]>;
  nodes: Record<string, ComparedFigure[]>;
}
