import type { FailureReason } from '../../metrics/failure-reason.ts';

export interface LatencySummary {
  p50: number | null;
  p95: number | null;
  p99: number | null;
  p999: number | null;
  max: number | null;
}

/** Latency from the intended start of each request; beside it, from when it really was sent, which omits what it waited for. */
export type CorrectedLatency = LatencySummary & { uncorrected: LatencySummary };

/** Runs of what virtual users do; one request each, unless the scenario says otherwise. */
export interface IterationCounts {
  started: number;
  completed: number;
  /** Cut off in their middle, by the end of a graceful stop or ramp down. */
  interrupted: number;
  /** Due, and never started: nobody was free, or the time was over. */
  dropped: number;
}

/** Whether the clients could keep up with what they were to send. */
export interface GeneratorFigures {
  /** How late requests began: actual start − intended start. */
  latenessMs: { p50: number | null; p99: number | null; max: number | null };
  /** Requests whose start came, and those of them that were never sent. */
  due: number;
  dropped: number;
}

export interface TrafficCounts {
  issued: number;
  ok: number;
  failed: number;
  dropped: number;
  inFlight: number;
  reasons: Partial<Record<FailureReason, number>>;
}

export interface TrafficStatus {
  id: string;
  scenario: string;
  seed: number;
  startedAtMs: number;
  /** Null: until it is stopped. */
  durationMs: number | null;
  state: 'running' | 'stopping' | 'done';
  counts: TrafficCounts;
  /** Failed requests so far by reason and the edge or node where the failure began, the most frequent first. */
  failures: { reason: FailureReason; hop: string; count: number }[];
  iterations: IterationCounts;
  /** Virtual users at work now; null where the scenario has none. */
  vus: number | null;
  /** Over the last second. */
  window: { ratePerSec: number; okPerSec: number; failedPerSec: number; latencyMs: CorrectedLatency };
}
