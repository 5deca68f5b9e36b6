import type { EnvironmentStatus } from '../../process-kit/protocol.ts';
import type { QueueStatus } from './messages.ts';
import type { AutoscalerStatus, DeployStatus } from './scaling.ts';

export type { EnvironmentStatus };

export type ReplicaState = 'starting' | 'ready' | 'degraded' | 'paused' | 'dead' | 'stopping';

/** Worst of its replicas, or `stopped` when it has none. */
export type NodeState = ReplicaState | 'stopped';

export interface ReplicaStatus {
  replica: number;
  /** Null when it has no process. */
  pid: number | null;
  port: number | null;
  state: ReplicaState;
  /** Why it is dead or degraded, in words for the user. */
  reason: string | null;
  /** Share of one core, 0 to cores, over the last second. */
  cpu: number;
  rssBytes: number;
  /** How long its last start took until it was ready, and whether an idle process became it. Null before it was ready. */
  start: { durationMs: number; warm: boolean } | null;
  /** Of what was deployed, and what callers have to do with it while a new version is tried. */
  version: string | null;
  role: 'none' | 'live' | 'canary' | 'shadow';
}

/** The limit that keeps a node from doing more. */
export interface NodeLimit {
  limit: 'cpu' | 'event-loop' | 'slots' | 'queue' | 'connections' | 'locks' | 'pool' | 'callee';
  /** The outgoing edge, where the limit is that of a callee or of the edge's pool. */
  edge: string | null;
  /** What was measured, in words that follow on "where" or a colon. */
  detail: string;
}

export interface NodeStatus {
  id: string;
  kind: string;
  state: NodeState;
  reason: string | null;
  replicas: ReplicaStatus[];
  requestsPerSec: number;
  /** What its callers see fail: what it refused is in it. */
  errorsPerSec: number;
  /** Over the last second; null when nothing was answered. */
  p50Ms: number | null;
  p99Ms: number | null;
  inFlight: number;
  /** Cumulative since the topology started. */
  requests: number;
  errors: number;
  /** Figures of its kind, by id of the measure; null where nothing was counted yet that could tell. */
  measures: Record<string, number | null>;
  /** Of a function: its execution environments, those of them that started first. The measures count them all. */
  environments?: EnvironmentStatus[];
  /** Of a broker: its queues, streams, channels or topics. */
  queues?: QueueStatus[];
  /** Used share of the CPU that it can use, over the last second: for a program of ours, one core for each process, the busiest counts. */
  cpuUse: number;
  /** What it costs by the hour if it goes on as in the last second; left out where it has no price. */
  costPerHour?: number;
  /** Which limit binds, judged by the last second; null when none does. */
  limit: NodeLimit | null;
  /** How many replicas it should have. */
  desiredReplicas: number;
  /** What its replicas start with; null where the kind has no versions. */
  version: string | null;
  autoscaler: AutoscalerStatus | null;
  /** The newest of the node, under way or over; null when nothing was deployed. */
  deploy: DeployStatus | null;
}

export interface EdgeStatus {
  id: string;
  /** Open connections through the link now. */
  connections: number;
  /** Cumulative bytes towards the callee, and back. */
  upstreamBytes: number;
  downstreamBytes: number;
  /** Cumulative calls that ended, as the calling processes counted them, and those of them that failed. */
  requests: number;
  errors: number;
  /** Of the calls that ended in the last second; null where none did. */
  p99Ms: number | null;
  /**
   * The part of the last second's requests that each replica of the target got, by its number, attempts counted one by
   * one. Left out where nothing was sent, and where callers that share nothing out alone use the edge.
   */
  shares?: Record<string, number>;
  /** Figures of its policies and protocol, by id of the `edgeMeasures`; those of which nothing was counted are left out. */
  measures: Record<string, number | null>;
}

export type TopologyState = 'stopped' | 'starting' | 'running' | 'stopping';
