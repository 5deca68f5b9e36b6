import type { ExperimentResult, FaultStatus, NodeLimit, RunResult } from '../api/types.ts';
import type { Recording } from '../metrics/recording.ts';
import type { TimeRange } from '../metrics/source-recording.ts';
import type { ArchipelDocument } from '../model/document.ts';
import type { FaultTarget } from '../model/fault.ts';
import type { Scenario } from '../model/scenario.ts';
import type { TraceEntry } from '../model/trace.ts';

/** What has been counted so far; only differences say anything. */
export interface Totals {
  /** Of all processes but the clients. */
  cpuUs: number;
  /** By client source: good answers, requests that are neither answered nor failed, and when it told of them. */
  sources: { ok: number; backlog: number; atMs: number }[];
  /** By edge with policies: requests that the caller made along it, and attempts that became of them. */
  edges: Record<string, { requests: number; attempts: number }>;
}

/** All that a sweep needs of the running system. Times are epoch milliseconds of one clock. */
export interface SweepWorld {
  now(): number;
  /** Rejects as soon as the signal is aborted. */
  wait(durationMs: number, signal: AbortSignal): Promise<void>;

  /** Throws when the document could not run. */
  check(document: ArchipelDocument): void;
  /** Resolves when every node is ready. */
  startTopology(document: ArchipelDocument, directory: string | null): Promise<void>;
  /** Changes what runs to this document. */
  applyDocument(document: ArchipelDocument): Promise<void>;
  /** Resolves when the node has so many replicas that take requests. */
  scale(options: { node: string; replicas: number }): Promise<void>;
  /** Does nothing when nothing runs. */
  stopTopology(): Promise<void>;

  /** Starts traffic that goes on until it is stopped, or its executors are over. */
  startTraffic(options: {
    scenario: Scenario;
    seed: number;
    directory: string | null;
    recordArrivals?: boolean;
  }): Promise<void>;
  /** Resolves when the last frame of every client is in the recording; null when no traffic was started. */
  stopTraffic(): Promise<RunResult | null>;
  /** Of the traffic that was last started. */
  recording(): Recording;
  /** The requests of that traffic as they began, while its clients run. */
  takeArrivals(): Promise<{ clients: { client: string; arrivals: TraceEntry[] }[]; leftOut: number }>;

  totals(): Totals;
  /** Memory of all processes but the clients, now. */
  rssBytes(): number;
  /** The limit that binds each node now. */
  limits(): Record<string, NodeLimit>;
  /** Requests that nodes hold now, the clients left out. */
  inFlight(): number;
  /** Why figures of this time cannot be trusted, or null. */
  hostBusy(range: TimeRange): string | null;

  /** Resolves with the proof of effect, or with the state `failed`. */
  injectFault(options: {
    fault: string;
    target: FaultTarget;
    parameters: Record<string, unknown>;
    leaseMs: number;
    seed: number;
  }): Promise<FaultStatus>;
  /** Resolves with the proof of removal. */
  clearFault(id: string): Promise<FaultStatus>;
  clearAllFaults(): Promise<void>;

  /** Runs an experiment on a topology of its own; with the signal it ends early, with everything undone. */
  runExperiment(
    options: { document: ArchipelDocument; name: string; seed: number; directory: string | null },
    signal: AbortSignal,
  ): Promise<ExperimentResult>;
}
